// Trains an MLP1 with your own classes and prints the falling loss. It needs Linear, ReLU, MLP1, CrossEntropyLoss and
// SGD; while one of them is missing it says which. Not graded: change what you like and watch what happens.
//
// The task: 81 points on a grid over the square [-1, 1] x [-1, 1]; those near its centre are class 1, the others
// class 0. No straight line separates them; three lines, one for each hidden unit, nearly do.
// Once it learns, try a momentum of 0.9: it gets stuck at 74 %. Count the outputs that are exactly 0 to see why.
#include <cstddef>
#include <exception>
#include <iomanip>
#include <iostream>

#include "mytorch/models/mlp.hpp"
#include "mytorch/nn/loss.hpp"
#include "mytorch/not_implemented.hpp"
#include "mytorch/optim/sgd.hpp"
#include "mytorch/tensor.hpp"

using mytorch::Matrix;

namespace {

constexpr std::size_t grid = 9;         // points along each side of the square
constexpr double radius_squared = 0.4;  // of the disc that is class 1
constexpr int steps = 400;              // each on the whole data set
constexpr double learning_rate = 0.5;
constexpr double momentum = 0.0;

struct DataSet {
  Matrix X;  // points (81, 2)
  Matrix Y;  // one-hot classes (81, 2)
};

DataSet disc_in_a_square() {
  DataSet data{xt::zeros<double>({grid * grid, std::size_t{2}}), xt::zeros<double>({grid * grid, std::size_t{2}})};
  for (std::size_t i = 0; i < grid; ++i) {
    for (std::size_t j = 0; j < grid; ++j) {
      const std::size_t sample = i * grid + j;
      const double x = -1.0 + 2.0 * static_cast<double>(i) / (grid - 1);
      const double y = -1.0 + 2.0 * static_cast<double>(j) / (grid - 1);
      data.X(sample, 0) = x;
      data.X(sample, 1) = y;
      data.Y(sample, x * x + y * y < radius_squared ? 1 : 0) = 1.0;
    }
  }
  return data;
}

/// Linear starts at zero, as the homework wants it. From there nothing is ever learnt: every hidden unit is 0, the
/// derivative of ReLU at 0 is 0, and so every gradient is 0 too. These small numbers, all different, break the tie;
/// real libraries draw them at random.
void set_initial_parameters(mytorch::models::MLP1& model) {
  model.layers[0].W = Matrix{{0.5, 0.1}, {-0.2, 0.4}, {-0.3, -0.5}};
  model.layers[0].b = Matrix{{0.1}, {0.1}, {0.1}};
  model.layers[1].W = Matrix{{0.5, 0.4, 0.3}, {-0.1, -0.2, -0.3}};
  model.layers[1].b = Matrix{{0.1}, {0.5}};
}

/// The fraction of samples whose largest output stands at the right class.
double accuracy(const Matrix& output, const Matrix& Y) {
  const xt::xtensor<std::size_t, 1> predicted = xt::argmax(output, 1);
  const xt::xtensor<std::size_t, 1> wanted = xt::argmax(Y, 1);
  return xt::mean(xt::cast<double>(xt::equal(predicted, wanted)))();
}

void train() {
  const DataSet data = disc_in_a_square();
  mytorch::models::MLP1 model;
  set_initial_parameters(model);
  mytorch::nn::CrossEntropyLoss loss;
  mytorch::optim::SGD optimizer(model, learning_rate, momentum);

  std::cout << " step      loss  accuracy\n" << std::fixed;
  for (int step = 0; step <= steps; ++step) {
    const Matrix output = model.forward(data.X);
    const double L = loss.forward(output, data.Y);
    if (step % 40 == 0) {
      std::cout << std::setw(5) << step << std::setprecision(4) << std::setw(10) << L << std::setprecision(1)
                << std::setw(8) << 100.0 * accuracy(output, data.Y) << " %\n";
    }
    model.backward(loss.backward());
    optimizer.step();
  }
}

}  // namespace

int main() {
  try {
    train();
    return 0;
  } catch (const mytorch::NotImplemented& missing) {
    std::cerr << missing.what() << ".\nThis example needs Linear, ReLU, MLP1, CrossEntropyLoss and SGD. Write that "
              << "function, then run the example again.\n";
  } catch (const std::exception& error) {
    std::cerr << "Training stopped: " << error.what() << "\n";
  }
  return 1;
}
