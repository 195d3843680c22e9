// Expression types of xtensor that nearly every homework uses: precompiled with the libraries' headers, and compiled once
// into an object that is linked with every worker (cmake/precompile.cmake). A hand-in that uses one of them is compiled in
// less time; what it means does not change.
//
// Types only, chosen from the library's documentation. A hand-in can call whatever stands here, so no formula of a
// homework does. Each entry costs all files a little, as clang++ reads all types that a template was ever used with:
// more of them made the common file slower. It includes nothing: a hand-in finds no header here that its own lacks.
#pragma once

#ifdef XTENSOR_VERSION_MAJOR
namespace autograder_shapes {

using Matrix = xt::xtensor<double, 2>;

/// What is done with an expression.
template <class Expression>
void keep(Matrix& M, const Expression& expression) {
  M = expression;
  Matrix copy = expression;
}

inline void containers(Matrix& M, const Matrix& A, std::size_t rows, std::size_t columns) {
  keep(M, xt::zeros<double>({rows, columns}));
  keep(M, xt::ones<double>({rows, columns}));
  keep(M, xt::zeros_like(A));
  keep(M, xt::ones_like(A));
  Matrix of_shape({rows, columns});
  Matrix filled({rows, columns}, 0.0);
  Matrix listed{{1.0, 2.0}};
  Matrix copied(A);
  Matrix moved(std::move(copied));
  copied = A;
  moved = std::move(copied);
  M.resize({rows, columns});
  M(0, 0) = A(0, 0) + static_cast<double>(A.shape(0));
}

inline void lists(const Matrix& A, std::size_t length) {
  std::vector<Matrix> list(length);
  list.reserve(length);
  list.push_back(A);
  list.push_back(Matrix(A));
  list.emplace_back(A);
  list.resize(length);
  list.assign(length, A);
  list = std::vector<Matrix>(length);
  list.back() = A;
  for (Matrix& each : list) each = A;
  list.clear();
}

inline void arithmetic(Matrix& M, const Matrix& A, const Matrix& B) {
  keep(M, A + B);
  keep(M, A - B);
  keep(M, A * B);
  keep(M, A / B);
  keep(M, A - Matrix(B));
  keep(M, A + 2.0);
  keep(M, 2.0 * A);
  keep(M, A / 2.0);
  keep(M, -A);
  keep(M, xt::exp(A));
}

inline void reductions(Matrix& M, const Matrix& A, std::size_t axis) {
  M = xt::sum(A, {axis}, xt::keep_dims | xt::evaluation_strategy::immediate);
  M = xt::amax(A, {axis}, xt::keep_dims | xt::evaluation_strategy::immediate);
  Matrix sums = xt::sum(A, {axis}, xt::keep_dims | xt::evaluation_strategy::immediate);
  Matrix largest = xt::amax(A, {axis}, xt::keep_dims | xt::evaluation_strategy::immediate);
  keep(M, Matrix(A) / static_cast<double>(A.shape(axis)));
}

/// B is not const: a transposed member is another type than a transposed argument.
inline void products(Matrix& M, const Matrix& A, Matrix& B) {
  keep(M, xt::transpose(A));
  keep(M, xt::transpose(B));
  keep(M, xt::linalg::dot(A, B));
  keep(M, xt::linalg::dot(A, xt::transpose(A)));
  keep(M, xt::linalg::dot(A, xt::transpose(B)));
  keep(M, xt::linalg::dot(xt::transpose(A), A));
  keep(M, xt::linalg::dot(xt::transpose(B), A));
}

}  // namespace autograder_shapes
#endif
