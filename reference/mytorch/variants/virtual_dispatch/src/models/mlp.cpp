// Virtual dispatch: the passes walk over a list of stages, linear and activation alike, which file their results.
#include "mytorch/models/mlp.hpp"

#include <algorithm>

namespace mytorch::models {

class Stage {
 public:
  Stage(Model& model, std::size_t i) : model(model), i(i) {}
  virtual ~Stage() = default;
  virtual void forward() = 0;
  virtual void backward() = 0;

 protected:
  Model& model;
  std::size_t i;
};

class LinearStage : public Stage {
 public:
  using Stage::Stage;
  void forward() override { model.Z.at(i) = model.layers.at(i).forward(model.A.at(i)); }
  void backward() override { model.dLdA.at(i) = model.layers.at(i).backward(model.dLdZ.at(i)); }
};

class ActivationStage : public Stage {
 public:
  using Stage::Stage;
  void forward() override { model.A.at(i + 1) = model.f.at(i)->forward(model.Z.at(i)); }
  void backward() override {
    model.dAdZ.at(i) = model.f.at(i)->backward();
    model.dLdZ.at(i) = model.dLdA.at(i + 1) * model.dAdZ.at(i);
  }
};

class Network {
 public:
  explicit Network(Model& model) : model(model) {
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
      stages.push_back(std::make_unique<LinearStage>(model, i));
      stages.push_back(std::make_unique<ActivationStage>(model, i));
    }
  }

  Matrix forward(const Matrix& A0) {
    model.Z.assign(model.layers.size(), Matrix());
    model.A.assign(model.layers.size() + 1, Matrix());
    model.A.front() = A0;
    for (auto& stage : stages) {
      stage->forward();
    }
    return model.A.back();
  }

  void backward(const Matrix& dLdA) {
    model.dAdZ.assign(model.layers.size(), Matrix());
    model.dLdZ.assign(model.layers.size(), Matrix());
    model.dLdA.assign(model.layers.size() + 1, Matrix());
    model.dLdA.back() = dLdA;
    std::for_each(stages.rbegin(), stages.rend(), [](auto& stage) { stage->backward(); });
  }

 private:
  Model& model;
  std::vector<std::unique_ptr<Stage>> stages;
};

static void add(Model& model, std::size_t in, std::size_t out) {
  model.layers.emplace_back(in, out);
  model.f.push_back(std::make_unique<nn::ReLU>());
}

MLP0::MLP0() { add(*this, 2, 3); }
Matrix MLP0::forward(const Matrix& A0) { return Network(*this).forward(A0); }
void MLP0::backward(const Matrix& dLdA) { Network(*this).backward(dLdA); }

MLP1::MLP1() {
  add(*this, 2, 3);
  add(*this, 3, 2);
}
Matrix MLP1::forward(const Matrix& A0) { return Network(*this).forward(A0); }
void MLP1::backward(const Matrix& dLdA) { Network(*this).backward(dLdA); }

MLP4::MLP4() {
  add(*this, 2, 4);
  add(*this, 4, 8);
  add(*this, 8, 8);
  add(*this, 8, 4);
  add(*this, 4, 2);
}
Matrix MLP4::forward(const Matrix& A0) { return Network(*this).forward(A0); }
void MLP4::backward(const Matrix& dLdA) { Network(*this).backward(dLdA); }

}  // namespace mytorch::models
