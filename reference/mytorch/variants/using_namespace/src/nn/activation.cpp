// Using directives at the top and fully qualified definitions at global scope.
#include "mytorch/nn/activation.hpp"

using namespace std;
using namespace mytorch;

Matrix nn::Identity::forward(const Matrix& Z) { return A = Z; }

Matrix nn::Identity::backward() const { return xt::ones_like(A); }

Matrix nn::Sigmoid::forward(const Matrix& Z) { return A = pow(1 + xt::exp(-Z), -1); }

Matrix nn::Sigmoid::backward() const { return A - A * A; }

Matrix nn::Tanh::forward(const Matrix& Z) { return A = tanh(Z); }

Matrix nn::Tanh::backward() const { return 1 - A * A; }

Matrix nn::ReLU::forward(const Matrix& Z) { return A = Z * (Z > 0); }

Matrix nn::ReLU::backward() const { return A > 0; }
