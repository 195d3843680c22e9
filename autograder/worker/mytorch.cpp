// The operations of the homework `mytorch`: how each component's classes are called, and what is read off them.
// The names of inputs and outputs are those of the fixtures.
#include "autograder/worker/matrix_json.hpp"
#include "mytorch/models/mlp.hpp"
#include "mytorch/nn/activation.hpp"
#include "mytorch/nn/batchnorm.hpp"
#include "mytorch/nn/linear.hpp"
#include "mytorch/nn/loss.hpp"
#include "mytorch/not_implemented.hpp"
#include "mytorch/optim/sgd.hpp"

namespace worker {
namespace {

using mytorch::Matrix;
using Matrices = std::vector<Matrix>;
namespace nn = mytorch::nn;
namespace models = mytorch::models;
namespace optim = mytorch::optim;

void require_operation(const Call& call, const std::string& operation) {
  if (call.operation != operation) throw BadRequest("unknown operation " + call.operation);
}

// ---- Linear -----------------------------------------------------------------------------------------------------

Json linear_init(const Given& given) {
  const std::size_t in_features = given.count("in_features"), out_features = given.count("out_features");
  now_calling("nn::Linear::Linear");
  const nn::Linear layer(in_features, out_features);
  return {{"W", to_json(layer.W)}, {"b", to_json(layer.b)}, {"arguments_unchanged", true}};
}

Json linear_forward_backward(const std::vector<Call>& calls) {
  struct Step {
    Matrix W, b, A, dLdZ;
  };
  std::vector<Step> steps;
  for (const Call& call : calls) {
    require_operation(call, "forward_backward");
    const Given& given = call.given;
    steps.push_back({given.matrix<Matrix>("W"), given.matrix<Matrix>("b"), given.matrix<Matrix>("A"),
                     given.matrix<Matrix>("dLdZ")});
  }
  now_calling("nn::Linear::Linear");
  nn::Linear layer(steps.back().W.shape(1), steps.back().W.shape(0));
  Arguments arguments;
  Matrix Z, dLdA;
  for (const Step& step : steps) {
    layer.W = step.W;
    layer.b = step.b;
    Z = arguments.lend(
        "nn::Linear::forward", [&](const Matrix& A) { return layer.forward(A); }, step.A);
    dLdA = arguments.lend(
        "nn::Linear::backward", [&](const Matrix& dLdZ) { return layer.backward(dLdZ); }, step.dLdZ);
  }
  return {{"Z", to_json(Z)},       {"A", to_json(layer.A)},       {"N", layer.N},
          {"dLdA", to_json(dLdA)}, {"dLdW", to_json(layer.dLdW)}, {"dLdb", to_json(layer.dLdb)},
          {"W", to_json(layer.W)}, {"b", to_json(layer.b)},       {"arguments_unchanged", arguments.unchanged()}};
}

// ---- Activations ------------------------------------------------------------------------------------------------

template <typename Function>
Json activation_forward_backward(const std::string& name, const std::vector<Call>& calls) {
  Matrices Z;
  for (const Call& call : calls) {
    require_operation(call, "forward_backward");
    Z.push_back(call.given.matrix<Matrix>("Z"));
  }
  const std::unique_ptr<nn::Activation> f = std::make_unique<Function>();
  Arguments arguments;
  Matrix returned, dAdZ;
  for (const Matrix& one : Z) {
    returned = arguments.lend(
        name + "::forward", [&](const Matrix& argument) { return f->forward(argument); }, one);
    now_calling(name + "::backward");
    dAdZ = f->backward();
  }
  return {{"returned", to_json(returned)},
          {"A", to_json(f->A)},
          {"dAdZ", to_json(dAdZ)},
          {"arguments_unchanged", arguments.unchanged()}};
}

// ---- Models -----------------------------------------------------------------------------------------------------

std::string activation_name(const nn::Activation* f) {
  if (!f) return "none";
  if (dynamic_cast<const nn::Identity*>(f)) return "Identity";
  if (dynamic_cast<const nn::Sigmoid*>(f)) return "Sigmoid";
  if (dynamic_cast<const nn::Tanh*>(f)) return "Tanh";
  if (dynamic_cast<const nn::ReLU*>(f)) return "ReLU";
  return "another activation";
}

/// One member of each layer, as a list.
Json layers_json(const std::vector<nn::Linear>& layers, Matrix nn::Linear::*member) {
  Json list = Json::array();
  for (const nn::Linear& layer : layers) list.push_back(to_json(layer.*member));
  return list;
}

Json model_init(const models::Model& model) {
  Json activations = Json::array();
  for (const auto& f : model.f) activations.push_back(activation_name(f.get()));
  return {{"W", layers_json(model.layers, &nn::Linear::W)},
          {"b", layers_json(model.layers, &nn::Linear::b)},
          {"activations", activations},
          {"arguments_unchanged", true}};
}

struct ModelStep {
  Matrices W, b;
  Matrix A0, dLdA;
};

std::vector<ModelStep> model_steps(const std::vector<Call>& calls) {
  std::vector<ModelStep> steps;
  for (const Call& call : calls) {
    require_operation(call, "forward_backward");
    const Given& given = call.given;
    steps.push_back({given.matrices<Matrix>("W"), given.matrices<Matrix>("b"), given.matrix<Matrix>("A0"),
                     given.matrix<Matrix>("dLdA")});
    if (steps.back().W.size() != steps.back().b.size()) throw BadRequest("W and b have different lengths");
  }
  return steps;
}

Json model_forward_backward(const std::string& name, models::Model& model, const std::vector<ModelStep>& steps) {
  Arguments arguments;
  Matrix returned;
  for (const ModelStep& step : steps) {
    if (model.layers.size() != step.W.size()) {
      throw std::length_error("the model has " + std::to_string(model.layers.size()) + " layers, not " +
                              std::to_string(step.W.size()));
    }
    for (std::size_t i = 0; i < step.W.size(); ++i) {
      model.layers[i].W = step.W[i];
      model.layers[i].b = step.b[i];
    }
    returned = arguments.lend(
        name + "::forward", [&](const Matrix& A0) { return model.forward(A0); }, step.A0);
    arguments.lend(
        name + "::backward", [&](const Matrix& dLdA) { model.backward(dLdA); }, step.dLdA);
  }
  return {{"returned", to_json(returned)},
          {"Z", to_json(model.Z)},
          {"A", to_json(model.A)},
          {"dAdZ", to_json(model.dAdZ)},
          {"dLdZ", to_json(model.dLdZ)},
          {"dLdA", to_json(model.dLdA)},
          {"dLdW", layers_json(model.layers, &nn::Linear::dLdW)},
          {"dLdb", layers_json(model.layers, &nn::Linear::dLdb)},
          {"arguments_unchanged", arguments.unchanged()}};
}

template <typename MLP>
Json mlp(const std::string& name, const std::string& operation, const Json& given) {
  const bool init = operation == "init";
  const std::vector<ModelStep> steps = init ? std::vector<ModelStep>() : model_steps(calls_of(operation, given));
  now_calling(name);
  MLP model;
  return init ? model_init(model) : model_forward_backward(name, model, steps);
}

// ---- Losses -----------------------------------------------------------------------------------------------------

template <typename Loss>
Json loss_forward_backward(const std::string& name, const std::vector<Call>& calls) {
  std::vector<std::pair<Matrix, Matrix>> steps;
  for (const Call& call : calls) {
    require_operation(call, "forward_backward");
    steps.emplace_back(call.given.matrix<Matrix>("A"), call.given.matrix<Matrix>("Y"));
  }
  Loss loss;
  Arguments arguments;
  double L = 0.0;
  Matrix dLdA;
  for (const auto& [A, Y] : steps) {
    L = arguments.lend(
        name + "::forward", [&](const Matrix& a, const Matrix& y) { return loss.forward(a, y); }, A, Y);
    now_calling(name + "::backward");
    dLdA = loss.backward();
  }
  Json outputs = {{"L", to_json(L)},
                  {"dLdA", to_json(dLdA)},
                  {"A", to_json(loss.A)},
                  {"Y", to_json(loss.Y)},
                  {"arguments_unchanged", arguments.unchanged()}};
  if constexpr (std::is_same_v<Loss, nn::CrossEntropyLoss>) outputs["softmax"] = to_json(loss.softmax);
  return outputs;
}

// ---- SGD --------------------------------------------------------------------------------------------------------

/// A model with given layers, so that SGD is graded without the student's models.
class GivenModel : public models::Model {
 public:
  GivenModel(const Matrices& W, const Matrices& b) {
    for (std::size_t i = 0; i < W.size(); ++i) {
      now_calling("nn::Linear::Linear");
      layers.emplace_back(W[i].shape(1), W[i].shape(0));
      layers.back().W = W[i];
      layers.back().b = b[i];
    }
  }
  Matrix forward(const Matrix&) override { throw std::logic_error("SGD does not run the model"); }
  void backward(const Matrix&) override { throw std::logic_error("SGD does not run the model"); }
};

optim::SGD make_sgd(models::Model& model, const Given& given) {
  now_calling("optim::SGD::SGD");
  if (given.has("momentum")) {
    return optim::SGD(model, given.has("lr") ? given.number("lr") : 0.1, given.number("momentum"));
  }
  return given.has("lr") ? optim::SGD(model, given.number("lr")) : optim::SGD(model);
}

Json sgd_init(const Given& given) {
  GivenModel model(given.matrices<Matrix>("W"), given.matrices<Matrix>("b"));
  const optim::SGD sgd = make_sgd(model, given);
  return {{"L", sgd.L},
          {"lr", to_json(sgd.lr)},
          {"mu", to_json(sgd.mu)},
          {"v_W", to_json(sgd.v_W)},
          {"v_b", to_json(sgd.v_b)},
          {"W", layers_json(model.layers, &nn::Linear::W)},
          {"b", layers_json(model.layers, &nn::Linear::b)},
          {"arguments_unchanged", true}};
}

Json sgd_steps(const Given& given) {
  std::vector<std::pair<Matrices, Matrices>> gradients;
  const Matrices W = given.matrices<Matrix>("W"), b = given.matrices<Matrix>("b");
  for (std::size_t step = 0; step < given.at("dLdW").size(); ++step) {
    gradients.emplace_back(Given::matrices_from<Matrix>(given.at("dLdW").at(step)),
                           Given::matrices_from<Matrix>(given.at("dLdb").at(step)));
  }
  GivenModel model(W, b);
  optim::SGD sgd = make_sgd(model, given);
  Json steps = {{"W", Json::array()}, {"b", Json::array()}, {"v_W", Json::array()}, {"v_b", Json::array()}};
  bool unchanged = true;
  for (const auto& [dLdW, dLdb] : gradients) {
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
      model.layers[i].dLdW = dLdW.at(i);
      model.layers[i].dLdb = dLdb.at(i);
    }
    now_calling("optim::SGD::step");
    sgd.step();
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
      unchanged = unchanged && model.layers[i].dLdW == dLdW[i] && model.layers[i].dLdb == dLdb[i];
    }
    steps["W"].push_back(layers_json(model.layers, &nn::Linear::W));
    steps["b"].push_back(layers_json(model.layers, &nn::Linear::b));
    steps["v_W"].push_back(to_json(sgd.v_W));
    steps["v_b"].push_back(to_json(sgd.v_b));
  }
  steps["arguments_unchanged"] = unchanged;
  return steps;
}

// ---- Batch normalisation ----------------------------------------------------------------------------------------

Json batchnorm_init(const Given& given) {
  now_calling("nn::BatchNorm1d::BatchNorm1d");
  const nn::BatchNorm1d bn(given.count("num_features"));
  return {{"BW", to_json(bn.BW)},
          {"Bb", to_json(bn.Bb)},
          {"running_M", to_json(bn.running_M)},
          {"running_V", to_json(bn.running_V)},
          {"alpha", to_json(bn.alpha)},
          {"eps", to_json(bn.eps)},
          {"arguments_unchanged", true}};
}

struct BatchNormStep {
  bool training = false;
  std::vector<std::pair<Matrix nn::BatchNorm1d::*, Matrix>> members;  // to set before the call
  std::optional<double> alpha;
  Matrices Z;  // one in inference
  std::optional<Matrix> dLdBZ;
};

std::vector<BatchNormStep> batchnorm_steps(const std::vector<Call>& calls) {
  const std::pair<const char*, Matrix nn::BatchNorm1d::*> members[] = {{"BW", &nn::BatchNorm1d::BW},
                                                                       {"Bb", &nn::BatchNorm1d::Bb},
                                                                       {"running_M", &nn::BatchNorm1d::running_M},
                                                                       {"running_V", &nn::BatchNorm1d::running_V}};
  std::vector<BatchNormStep> steps;
  for (const Call& call : calls) {
    const Given& given = call.given;
    BatchNormStep step;
    step.training = call.operation == "train";
    if (!step.training) require_operation(call, "eval");
    for (const auto& [name, member] : members) {
      if (given.has(name)) step.members.emplace_back(member, given.matrix<Matrix>(name));
    }
    if (given.has("alpha")) step.alpha = given.number("alpha");
    step.Z = step.training ? given.matrices<Matrix>("Z") : Matrices{given.matrix<Matrix>("Z")};
    if (step.training) step.dLdBZ = given.matrix<Matrix>("dLdBZ");
    steps.push_back(std::move(step));
  }
  return steps;
}

Json batchnorm_run(const std::vector<BatchNormStep>& steps) {
  const std::size_t num_features = steps.front().Z.at(0).shape(1);
  // The first step's alpha goes through the constructor, a later one is set.
  now_calling("nn::BatchNorm1d::BatchNorm1d");
  nn::BatchNorm1d bn =
      steps.front().alpha ? nn::BatchNorm1d(num_features, *steps.front().alpha) : nn::BatchNorm1d(num_features);
  Arguments arguments;
  Matrix returned, dLdZ;
  for (const BatchNormStep& step : steps) {
    for (const auto& [member, value] : step.members) bn.*member = value;
    if (step.alpha && &step != &steps.front()) bn.alpha = *step.alpha;
    for (const Matrix& Z : step.Z) {
      returned = arguments.lend(
          "nn::BatchNorm1d::forward",
          [&](const Matrix& argument) { return step.training ? bn.forward(argument) : bn.forward(argument, true); }, Z);
    }
    if (step.dLdBZ) {
      dLdZ = arguments.lend(
          "nn::BatchNorm1d::backward", [&](const Matrix& dLdBZ) { return bn.backward(dLdBZ); }, *step.dLdBZ);
    }
  }
  Json outputs = {{"returned", to_json(returned)},
                  {"BZ", to_json(bn.BZ)},
                  {"NZ", to_json(bn.NZ)},
                  {"running_M", to_json(bn.running_M)},
                  {"running_V", to_json(bn.running_V)},
                  {"BW", to_json(bn.BW)},
                  {"Bb", to_json(bn.Bb)},
                  {"arguments_unchanged", arguments.unchanged()}};
  if (!steps.back().training) return outputs;
  outputs.update({{"Z", to_json(bn.Z)},
                  {"M", to_json(bn.M)},
                  {"V", to_json(bn.V)},
                  {"N", bn.N},
                  {"dLdBW", to_json(bn.dLdBW)},
                  {"dLdBb", to_json(bn.dLdBb)},
                  {"dLdZ", to_json(dLdZ)}});
  return outputs;
}

Json batchnorm(const std::string& operation, const Json& given) {
  if (operation == "init") return batchnorm_init(Given(given));
  return batchnorm_run(batchnorm_steps(calls_of(operation, given)));
}

Json sgd(const std::string& operation, const Json& given) {
  if (operation == "init") return sgd_init(Given(given));
  if (operation == "steps") return sgd_steps(Given(given));
  throw BadRequest("unknown operation " + operation);
}

Json linear(const std::string& operation, const Json& given) {
  if (operation == "init") return linear_init(Given(given));
  return linear_forward_backward(calls_of(operation, given));
}

}  // namespace

Json answer(const std::string& component, const std::string& operation, const Json& given) {
  if (component == "linear") return linear(operation, given);
  if (component == "identity")
    return activation_forward_backward<nn::Identity>("nn::Identity", calls_of(operation, given));
  if (component == "sigmoid")
    return activation_forward_backward<nn::Sigmoid>("nn::Sigmoid", calls_of(operation, given));
  if (component == "tanh") return activation_forward_backward<nn::Tanh>("nn::Tanh", calls_of(operation, given));
  if (component == "relu") return activation_forward_backward<nn::ReLU>("nn::ReLU", calls_of(operation, given));
  if (component == "mlp0") return mlp<models::MLP0>("models::MLP0", operation, given);
  if (component == "mlp1") return mlp<models::MLP1>("models::MLP1", operation, given);
  if (component == "mlp4") return mlp<models::MLP4>("models::MLP4", operation, given);
  if (component == "mseloss") return loss_forward_backward<nn::MSELoss>("nn::MSELoss", calls_of(operation, given));
  if (component == "crossentropyloss")
    return loss_forward_backward<nn::CrossEntropyLoss>("nn::CrossEntropyLoss", calls_of(operation, given));
  if (component == "sgd" || component == "sgd_momentum") return sgd(operation, given);
  if (component == "batchnorm") return batchnorm(operation, given);
  throw BadRequest("unknown component " + component);
}

bool is_not_implemented(const std::exception& error) {
  return dynamic_cast<const mytorch::NotImplemented*>(&error) != nullptr;
}

}  // namespace worker
