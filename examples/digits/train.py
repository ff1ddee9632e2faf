"""Trains a small neural network on handwritten digits; knows nothing of Fleetune.

It takes its hyperparameters as arguments and prints one line of JSON after every epoch:

    {"epoch": 1, "val_accuracy": 0.62814}
"""

import argparse
import json
import warnings

from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier


def arguments():
    # The defaults are those of scikit-learn's MLPClassifier.
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lr", type=float, default=1e-3, help="first learning rate")
    parser.add_argument("--layers", type=int, default=1, help="number of hidden layers")
    parser.add_argument("--units", type=int, default=100, help="units of each hidden layer")
    parser.add_argument("--activation", choices=["relu", "tanh"], default="relu")
    parser.add_argument("--batch", type=int, default=200, help="images per step")
    parser.add_argument("--alpha", type=float, default=1e-4, help="L2 penalty")
    parser.add_argument("--solver", choices=["adam", "sgd"], default="adam")
    parser.add_argument("--momentum", type=float, default=0.9, help="for --solver sgd")
    parser.add_argument("--epochs", type=int, default=27)
    parser.add_argument("--seed", type=int, default=0, help="of the weights and the batches")
    return parser.parse_args()


def main():
    args = arguments()
    images, digits = load_digits(return_X_y=True)
    # One fixed split for everybody, whatever --seed says, so that trials can be compared.
    x_train, x_val, y_train, y_val = train_test_split(
        images / 16, digits, train_size=1200, stratify=digits, random_state=0
    )
    model = MLPClassifier(
        hidden_layer_sizes=(args.units,) * args.layers,
        activation=args.activation,
        solver=args.solver,
        learning_rate_init=args.lr,
        momentum=args.momentum,
        alpha=args.alpha,
        batch_size=args.batch,
        random_state=args.seed,
    )
    for epoch in range(1, args.epochs + 1):
        model.partial_fit(x_train, y_train, classes=range(10))
        accuracy = model.score(x_val, y_val)
        print(json.dumps({"epoch": epoch, "val_accuracy": round(accuracy, 5)}), flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore", ConvergenceWarning)
    main()
