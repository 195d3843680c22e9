// The operations of the homework `two_layer`: how its functions are called, and what is read off the network.
// The names of inputs and outputs are those of the fixtures.
#include "two_layer/mlp.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

#include "autograder/worker/matrix_json.hpp"
#include "two_layer/not_implemented.hpp"

namespace worker {
namespace {

using two_layer::Loss;
using two_layer::Matrix;
using two_layer::MLP;

std::string name_of(const std::string& member, const Given& given) {
  if (!given.at(member).is_string()) throw BadRequest(member + " is no name");
  return given.at(member).get<std::string>();
}

void require_operation(const Call& call, const std::string& operation) {
  if (call.operation != operation) throw BadRequest("unknown operation " + call.operation);
}

// ---- A new network ----------------------------------------------------------------------------------------------

struct Sizes {
  std::size_t linear_1_in, linear_1_out, linear_2_in, linear_2_out;
};

MLP make_network(const Sizes& sizes, const std::string& f_function, const std::string& g_function) {
  now_calling("MLP::MLP");
  return MLP(sizes.linear_1_in, sizes.linear_1_out, f_function, sizes.linear_2_in, sizes.linear_2_out, g_function);
}

/// The words of a message: what stands between anything but letters and digits.
std::set<std::string> words_of(const std::string& message) {
  std::set<std::string> words;
  std::string word;
  for (const char letter : message + " ") {
    if (std::isalnum(static_cast<unsigned char>(letter)) != 0) {
      word += letter;
    } else {
      words.insert(word);
      word.clear();
    }
  }
  return words;
}

Json parameters_of(const MLP& network) {
  return {{"W1", to_json(network.W1)},
          {"b1", to_json(network.b1)},
          {"W2", to_json(network.W2)},
          {"b2", to_json(network.b2)}};
}

Json cache_of(const MLP& network) {
  return {{"x", to_json(network.x)},
          {"z1", to_json(network.z1)},
          {"z2", to_json(network.z2)},
          {"z3", to_json(network.z3)},
          {"y_hat", to_json(network.y_hat)}};
}

Json gradients_of(const MLP& network) {
  return {{"dJdW2", to_json(network.dJdW2)},
          {"dJdb2", to_json(network.dJdb2)},
          {"dJdW1", to_json(network.dJdW1)},
          {"dJdb1", to_json(network.dJdb1)}};
}

/// The parameters, and the names of what holds entries of gradients and cache.
Json cleared(const MLP& network) {
  const std::pair<const char*, const Matrix&> members[] = {
      {"x", network.x},         {"z1", network.z1},       {"z2", network.z2},
      {"z3", network.z3},       {"y_hat", network.y_hat}, {"dJdW1", network.dJdW1},
      {"dJdb1", network.dJdb1}, {"dJdW2", network.dJdW2}, {"dJdb2", network.dJdb2}};
  std::string not_empty;
  for (const auto& [name, matrix] : members) {
    if (matrix.size() > 0) not_empty += (not_empty.empty() ? "" : ", ") + std::string(name);
  }
  Json outputs = parameters_of(network);
  outputs["not_empty"] = not_empty.empty() ? "none" : not_empty;
  return outputs;
}

/// What comes of making a network: its parameters, or what was thrown.
Json new_network(const std::string& operation, const Given& given) {
  if (operation != "init") throw BadRequest("unknown operation " + operation);
  const Sizes sizes{given.count("linear_1_in_features"), given.count("linear_1_out_features"),
                    given.count("linear_2_in_features"), given.count("linear_2_out_features")};
  const std::string f_function = name_of("f_function", given), g_function = name_of("g_function", given);
  Json outputs;
  try {
    outputs = cleared(make_network(sizes, f_function, g_function));
    outputs["thrown"] = "nothing";
    outputs["names_listed"] = false;
  } catch (const std::invalid_argument& error) {
    const std::set<std::string> words = words_of(error.what());
    const auto is_listed = [&](const char* name) { return words.contains(name); };
    const auto names = {"identity", "relu", "sigmoid", "tanh", "5relu"};
    outputs["thrown"] = "std::invalid_argument";
    outputs["names_listed"] = std::all_of(names.begin(), names.end(), is_listed);
  }
  outputs["arguments_unchanged"] = true;
  return outputs;
}

// ---- Forward and backward ---------------------------------------------------------------------------------------

/// What every call on a network is given: the network itself, and a batch.
struct Setting {
  explicit Setting(const Given& given)
      : f_function(name_of("f_function", given)),
        g_function(name_of("g_function", given)),
        W1(given.matrix<Matrix>("W1")),
        b1(given.matrix<Matrix>("b1")),
        W2(given.matrix<Matrix>("W2")),
        b2(given.matrix<Matrix>("b2")),
        x(given.matrix<Matrix>("x")) {}

  MLP make() const {
    return make_network({W1.shape(1), W1.shape(0), W2.shape(1), W2.shape(0)}, f_function, g_function);
  }

  void set_parameters(MLP& network) const {
    network.W1 = W1;
    network.b1 = b1;
    network.W2 = W2;
    network.b2 = b2;
  }

  std::string f_function, g_function;
  Matrix W1, b1, W2, b2, x;
};

Matrix run_forward(MLP& network, const Setting& setting, Arguments& arguments) {
  setting.set_parameters(network);
  return arguments.lend(
      "MLP::forward", [&](const Matrix& x) { return network.forward(x); }, setting.x);
}

void run_backward(MLP& network, const Matrix& gradient, Arguments& arguments) {
  arguments.lend(
      "MLP::backward", [&](const Matrix& dJdy_hat) { network.backward(dJdy_hat); }, gradient);
}

void run_clear(MLP& network) {
  now_calling("MLP::clear_grad_and_cache");
  network.clear_grad_and_cache();
}

Json forward(const std::vector<Call>& calls) {
  std::vector<Setting> settings;
  for (const Call& call : calls) {
    require_operation(call, "forward");
    settings.emplace_back(call.given);
  }
  MLP network = settings.back().make();
  Arguments arguments;
  Matrix returned;
  for (const Setting& setting : settings) returned = run_forward(network, setting, arguments);
  Json outputs = parameters_of(network);
  outputs.update(cache_of(network));
  outputs["returned"] = to_json(returned);
  outputs["arguments_unchanged"] = arguments.unchanged();
  return outputs;
}

struct BackwardStep {
  Setting setting;
  Matrix dJdy_hat;
  bool clears;  ///< afterwards
};

Json forward_backward(const std::vector<Call>& calls) {
  std::vector<BackwardStep> steps;
  for (const Call& call : calls) {
    const bool clears = call.operation == "forward_backward_clear";
    if (!clears) require_operation(call, "forward_backward");
    steps.push_back({Setting(call.given), call.given.matrix<Matrix>("dJdy_hat"), clears});
  }
  MLP network = steps.back().setting.make();
  Arguments arguments;
  for (const BackwardStep& step : steps) {
    run_forward(network, step.setting, arguments);
    run_backward(network, step.dJdy_hat, arguments);
    if (step.clears) run_clear(network);
  }
  Json outputs = steps.back().clears ? cleared(network) : parameters_of(network);
  if (!steps.back().clears) {
    outputs.update(cache_of(network));
    outputs.update(gradients_of(network));
  }
  outputs["arguments_unchanged"] = arguments.unchanged();
  return outputs;
}

// ---- Losses and derivatives -------------------------------------------------------------------------------------

Loss run_loss(const std::string& name, const Matrix& y, const Matrix& y_hat, Arguments& arguments) {
  return arguments.lend(
      name,
      [&](const Matrix& wanted, const Matrix& predicted) {
        return name == "mse_loss" ? two_layer::mse_loss(wanted, predicted) : two_layer::bce_loss(wanted, predicted);
      },
      y, y_hat);
}

Json loss(const std::string& name, const std::vector<Call>& calls) {
  std::vector<std::pair<Matrix, Matrix>> steps;
  for (const Call& call : calls) {
    require_operation(call, "loss");
    steps.emplace_back(call.given.matrix<Matrix>("y"), call.given.matrix<Matrix>("y_hat"));
  }
  Arguments arguments;
  Loss answer;
  for (const auto& [y, y_hat] : steps) answer = run_loss(name, y, y_hat, arguments);
  return {
      {"J", to_json(answer.J)}, {"dJdy_hat", to_json(answer.dJdy_hat)}, {"arguments_unchanged", arguments.unchanged()}};
}

Json derivative(const std::string& name, Matrix (*function)(const Matrix&), const std::vector<Call>& calls) {
  std::vector<Matrix> inputs;
  for (const Call& call : calls) {
    require_operation(call, "derivative");
    inputs.push_back(call.given.matrix<Matrix>("z"));
  }
  Arguments arguments;
  Matrix answer;
  for (const Matrix& z : inputs) answer = arguments.lend(name, function, z);
  return {{"derivative", to_json(answer)}, {"arguments_unchanged", arguments.unchanged()}};
}

// ---- A training step --------------------------------------------------------------------------------------------

struct TrainingStep {
  Setting setting;
  Matrix y;
  std::string loss;
};

/// The calls of a program that trains, but for the update: clear, forward, loss, backward.
Json training_step(const std::vector<Call>& calls) {
  std::vector<TrainingStep> steps;
  for (const Call& call : calls) {
    require_operation(call, "training_step");
    steps.push_back({Setting(call.given), call.given.matrix<Matrix>("y"), name_of("loss", call.given)});
    if (steps.back().loss != "mse_loss" && steps.back().loss != "bce_loss") throw BadRequest("unknown loss");
  }
  MLP network = steps.back().setting.make();
  Arguments arguments;
  Matrix y_hat;
  Loss answer;
  for (const TrainingStep& step : steps) {
    run_clear(network);
    y_hat = run_forward(network, step.setting, arguments);
    answer = run_loss(step.loss, step.y, y_hat, arguments);
    run_backward(network, answer.dJdy_hat, arguments);
  }
  Json outputs = gradients_of(network);
  outputs["y_hat"] = to_json(y_hat);
  outputs["J"] = to_json(answer.J);
  outputs["dJdy_hat"] = to_json(answer.dJdy_hat);
  outputs["arguments_unchanged"] = arguments.unchanged();
  return outputs;
}

}  // namespace

Json answer(const std::string& component, const std::string& operation, const Json& given) {
  if (component == "new_network") return new_network(operation, Given(given));
  if (component == "training_step") return training_step(calls_of(operation, given));
  if (component == "mse_loss" || component == "bce_loss") return loss(component, calls_of(operation, given));
  if (component == "relu_derivative")
    return derivative(component, two_layer::relu_derivative, calls_of(operation, given));
  if (component == "leaky_relu_derivative")
    return derivative(component, two_layer::leaky_relu_derivative, calls_of(operation, given));
  if (component == "softplus_derivative")
    return derivative(component, two_layer::softplus_derivative, calls_of(operation, given));
  if (component == "gelu_derivative")
    return derivative(component, two_layer::gelu_derivative, calls_of(operation, given));
  if (component.starts_with("forward_")) return forward(calls_of(operation, given));
  if (component.starts_with("backward_") || component == "clear_grad_and_cache")
    return forward_backward(calls_of(operation, given));
  throw BadRequest("unknown component " + component);
}

bool is_not_implemented(const std::exception& error) {
  return dynamic_cast<const two_layer::NotImplemented*>(&error) != nullptr;
}

}  // namespace worker
