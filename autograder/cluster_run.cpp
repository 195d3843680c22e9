// See cluster_run.hpp.
#include "autograder/cluster_run.hpp"

#include <nlohmann/json.hpp>
#include <random>

#include "autograder/assignment.hpp"
#include "autograder/delivery.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/strict_json.hpp"
#include "autograder/temporary_folder.hpp"

namespace autograder {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

json to_json(const Pending& one) {
  const Submission& submission = one.submission;
  return {{"name", submission.name},         {"student", submission.student},    {"number", submission.number},
          {"archive", submission.archive},   {"path", submission.path.string()}, {"digest", one.state.digest},
          {"handed_in", one.state.handed_in}};
}

Pending pending_from(const json& node, const std::string& where) {
  JsonObject object(node, where);
  Pending one;
  one.submission.name = object.text("name");
  one.submission.student = object.text("student");
  one.submission.number = object.at("number").get<long long>();
  one.submission.path = object.text("path");
  one.submission.archive = object.text("archive");
  one.state = {object.text("digest"), object.text("handed_in")};
  object.finish();
  return one;
}

JobArray job_from(const json& document) {
  JsonObject object(document, "");
  JobArray job;
  job.shard = object.count("shard");
  for (const json& node : object.at("handins")) {
    job.handins.push_back(pending_from(node, "handins[" + std::to_string(job.handins.size()) + "]"));
  }
  object.finish();
  return job;
}

/// 64 bits by chance: the name tells this run's jobs from those of all others on a cluster.
std::string random_name() {
  std::random_device device;
  std::string name;
  for (int digit = 0; digit < 16; ++digit) name += "0123456789abcdef"[device() % 16];
  return name;
}

}  // namespace

std::optional<ClusterRun> ClusterRun::find(const fs::path& out) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(out / "slurm", none)) {
    const ClusterRun run(entry.path());
    if (fs::exists(run.script_file(), none)) return run;
  }
  return std::nullopt;
}

ClusterRun ClusterRun::make(const fs::path& out) {
  const fs::path folder = out / "slurm" / random_name();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw GraderError("making the folder " + folder.string() + ": " + error.message());
  return ClusterRun(folder);
}

std::string ClusterRun::job_name(std::size_t job) const {
  return "autograder-" + folder_.filename().string() + "-" + std::to_string(job);
}

fs::path ClusterRun::file(const std::string& kind, std::size_t job, std::size_t number) const {
  return folder_ / (kind + "-" + std::to_string(job) + "-" + std::to_string(number));
}

fs::path ClusterRun::log_files(std::size_t job) const { return folder_ / ("log-" + std::to_string(job) + "-"); }

fs::path ClusterRun::log_file(std::size_t job, std::size_t task) const {
  return log_files(job).string() + std::to_string(task) + ".txt";
}

std::string ClusterRun::last_words(std::size_t job, std::size_t task) const {
  constexpr std::size_t kWords = 1000;
  const fs::path log = log_file(job, task);
  std::error_code none;
  if (!fs::exists(log, none)) return "";
  const std::string text = read_file(log);
  return text.substr(text.size() - std::min(text.size(), kWords));
}

std::string ClusterRun::script() const {
  std::error_code none;
  return fs::exists(script_file(), none) ? read_file(script_file()) : "";
}

void ClusterRun::write_script(const std::string& script) const { replace_file(script_file(), script); }

void ClusterRun::end(Logs logs) const {
  std::error_code ignored;  // what a task writes meanwhile stays, and nobody reads it
  fs::remove(script_file(), ignored);
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const bool is_log = entry.path().filename().string().starts_with("log-");
    if (!is_log || logs == Logs::removed) others.push_back(entry.path());
  }
  for (const fs::path& path : others) fs::remove(path, ignored);
  if (logs == Logs::kept) return;
  fs::remove(folder_, ignored);
  fs::remove(folder_.parent_path(), ignored);  // unless other runs have left logs in it
}

std::optional<JobArray> ClusterRun::job(std::size_t number) const {
  const fs::path path = folder_ / ("array-" + std::to_string(number));
  std::error_code none;
  if (!fs::exists(path, none)) return std::nullopt;
  try {
    return job_from(json::from_cbor(read_file(path)));
  } catch (const std::exception& error) {
    throw GraderError("reading " + path.string() + ": " + error.what());
  }
}

std::map<std::size_t, JobArray> ClusterRun::jobs() const {
  std::map<std::size_t, JobArray> all;
  for (std::size_t number = 1;; ++number) {
    std::optional<JobArray> one = job(number);
    if (!one) return all;
    all[number] = std::move(*one);
  }
}

void ClusterRun::add(std::size_t number, const JobArray& job) const {
  json handins = json::array();
  for (const Pending& one : job.handins) handins.push_back(to_json(one));
  const std::vector<std::uint8_t> bytes = json::to_cbor({{"shard", job.shard}, {"handins", handins}});
  replace_file(folder_ / ("array-" + std::to_string(number)), std::string(bytes.begin(), bytes.end()));
}

void ClusterRun::remove(std::size_t number) const {
  std::error_code ignored;
  fs::remove(folder_ / ("array-" + std::to_string(number)), ignored);
}

bool ClusterRun::wants(const Place& place, const std::string& name) const {
  std::error_code none;
  if (!fs::exists(script_file(), none) || is_taken(place) || fs::exists(file("result", place.job, place.index), none)) {
    return false;
  }
  for (std::size_t later = place.job + 1;; ++later) {
    const std::optional<JobArray> job = this->job(later);
    if (!job) return true;
    for (const Pending& one : job->handins) {
      if (one.submission.name == name) return false;
    }
  }
}

void ClusterRun::write_begun(std::size_t job, std::size_t task) const { replace_file(file("begun", job, task), ""); }

bool ClusterRun::has_begun(std::size_t job, std::size_t task) const {
  std::error_code none;
  return fs::exists(file("begun", job, task), none);
}

void ClusterRun::write_result(const Place& place, const Record& record) const {
  // Not made here: SQLite wants locks that a shared folder may not have.
  const TemporaryFolder folder;
  const fs::path journal = folder.path() / "result";
  Journal(journal).add(record);
  replace_file(file("result", place.job, place.index), read_file(journal));
}

std::optional<Record> ClusterRun::result(const Place& place) const {
  const fs::path path = file("result", place.job, place.index);
  std::error_code none;
  if (!fs::exists(path, none)) return std::nullopt;
  try {
    const TemporaryFolder folder;
    fs::copy_file(path, folder.path() / "result");
    const Journal journal(folder.path() / "result");
    Record record = journal.all().at(0);
    record.reports = journal.reports(record.number);
    return record;
  } catch (const std::exception&) {
    fs::remove(path, none);  // a node that died before the bytes were on the disk
    return std::nullopt;
  }
}

void ClusterRun::mark_taken(const Place& place) const {
  std::error_code error;
  fs::rename(file("result", place.job, place.index), file("taken", place.job, place.index), error);
  if (error) throw GraderError("renaming in " + folder_.string() + ": " + error.message());
}

bool ClusterRun::is_taken(const Place& place) const {
  std::error_code none;
  return fs::exists(file("taken", place.job, place.index), none);
}

}  // namespace autograder
