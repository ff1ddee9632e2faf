export { cholesky, invertLower, multiplyInverse } from './cholesky';
export { addOuterProducts, squaredDistances } from './covariance';
export { symmetricEigen } from './eigen';
export { sumTerms } from './mixture';
export { fractions } from './philox';
export { drawNormals } from './normal';
export { contenders } from './screen';
