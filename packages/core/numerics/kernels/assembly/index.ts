export { cholesky, invertLower, multiplyInverse } from './cholesky';
export { addOuterProducts, squaredDistances } from './covariance';
export { symmetricEigen } from './eigen';
export { gatherPoints, scalePoints, sumTerms } from './mixture';
export { fractions } from './philox';
export { drawNormals } from './normal';
