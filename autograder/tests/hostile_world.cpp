// See hostile_world.hpp.
#include "autograder/tests/hostile_world.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "autograder/tests/make.hpp"
#include "autograder/version.hpp"

namespace autograder_tests {

using namespace autograder;

namespace {

/// Names, sizes, modes and times of what a hand-in must not change.
std::string course_files() {
  std::ostringstream listing;
  const auto add = [&](const fs::directory_entry& entry) {
    if (!entry.is_regular_file()) return;
    listing << entry.path().string() << ' ' << entry.file_size() << ' '
            << static_cast<int>(entry.status().permissions()) << ' '
            << entry.last_write_time().time_since_epoch().count() << '\n';
  };
  for (const char* folder : {"handout", "reference", "fixtures"}) {
    for (const auto& entry : fs::recursive_directory_iterator(course_folder() / folder)) add(entry);
  }
  for (const char* program : {AUTOGRADER_PROGRAM, kLauncherFile}) add(fs::directory_entry(program));
  return listing.str();
}

/// A process's fields of /proc/PID/stat: name, state and parent.
struct Process {
  int pid = 0;
  std::string name;
  int parent = 0;
};

std::vector<Process> processes() {
  std::vector<Process> all;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const std::string number = entry.path().filename().string();
    if (number.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    const auto begin = line.find('('), end = line.rfind(')');
    if (end == std::string::npos || end + 4 >= line.size()) continue;
    all.push_back({std::stoi(number), line.substr(begin + 1, end - begin - 1), std::atoi(line.c_str() + end + 4)});
  }
  return all;
}

int open_server(int family, int type, const sockaddr* address, socklen_t length) {
  const int server = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (server < 0 || bind(server, address, length) != 0 || (type == SOCK_STREAM && listen(server, 8) != 0)) {
    throw std::runtime_error(std::string("opening a server: ") + std::strerror(errno));
  }
  return server;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// An abstract name begins with a null byte.
std::pair<sockaddr_un, socklen_t> unix_address(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), std::min(name.size(), sizeof address.sun_path - 1));
  return {address, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())};
}

}  // namespace

World::World(const Hostile& hostile) : hostile_(hostile) {
  // Another user's process must be able to pass through to what it is given.
  fs::permissions(folder_.path(), fs::perms(0755));
  id_ = "hostile" + std::to_string(getpid());
  fs::create_directories(folder_.path() / "tmp");
  fs::create_directories(folder_.path() / "marker");
  fs::permissions(folder_.path() / "marker", fs::perms(0777));
  make::file(folder_.path() / "planted" / "planted.hpp", "#define PLANTED\n");
  for (const fs::path& file : {course_folder() / "fixtures" / "mytorch" / "hidden" / "sgd.json", fs::path("/")}) {
    inherited_.push_back(open(file.c_str(), O_RDONLY));
  }

  Command loop;
  loop.arguments = {"/bin/sh", "-c", "while read -r line; do echo $$ >&3; done"};
  loop.limits.wall_seconds = 3600;
  victim_ = std::make_unique<Child>(loop, Channel::lines);
  victim_pid_ = std::get<std::string>(victim_->ask("who", 60));

  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  tcp_ = open_server(AF_INET, SOCK_STREAM, reinterpret_cast<sockaddr*>(&address), length);
  getsockname(tcp_, reinterpret_cast<sockaddr*>(&address), &length);
  port_ = ntohs(address.sin_port);
  udp_ = open_server(AF_INET, SOCK_DGRAM, reinterpret_cast<sockaddr*>(&address), length);
  const auto [path, path_length] = unix_address((folder_.path() / "socket").string());
  unix_ = open_server(AF_UNIX, SOCK_STREAM, reinterpret_cast<const sockaddr*>(&path), path_length);
  const auto [name, name_length] = unix_address(std::string(1, '\0') + id_);
  abstract_ = open_server(AF_UNIX, SOCK_STREAM, reinterpret_cast<const sockaddr*>(&name), name_length);
  fs::permissions(folder_.path() / "socket", fs::perms(0777));
  before_ = course_files();
}

World::~World() {
  for (const int descriptor : inherited_) close(descriptor);
  for (const int server : {tcp_, udp_, unix_, abstract_}) close(server);
}

Tokens World::tokens() const {
  return {{"COURSE", course_folder().string()},
          {"OTHER", other_.path().string()},
          {"MARKER", (folder_.path() / "marker").string()},
          {"PLANTED", (folder_.path() / "planted").string()},
          {"PROGRAM", AUTOGRADER_PROGRAM},
          {"ID", id_},
          {"VICTIM", victim_pid_},
          {"PORT", std::to_string(port_)},
          {"SOCKET", (folder_.path() / "socket").string()},
          {"ABSTRACT", id_}};
}

void World::begin() {
  setenv("TMPDIR", (folder_.path() / "tmp").c_str(), 1);
  for (auto [name, value] : hostile_.environment) {
    for (const auto& [token, text] : tokens()) {
      const std::string written = "@" + token + "@";
      if (const auto at = value.find(written); at != std::string::npos) value.replace(at, written.size(), text);
    }
    setenv(name.c_str(), value.c_str(), 1);
  }
}

std::vector<std::string> World::connections() const {
  std::vector<std::string> found;
  for (const auto& [server, name] : {std::pair{tcp_, "TCP"}, {unix_, "Unix"}, {abstract_, "abstract Unix"}}) {
    const int connection = accept(server, nullptr, nullptr);
    if (connection < 0) continue;
    close(connection);
    found.push_back(std::string("connected to the ") + name + " server");
  }
  char datagram[512];
  if (recv(udp_, datagram, sizeof datagram, 0) >= 0) found.push_back("sent a datagram");
  return found;
}

std::vector<std::string> World::damage() {
  unsetenv("TMPDIR");
  for (const auto& [name, value] : hostile_.environment) unsetenv(name.c_str());
  std::vector<std::string> found = connections();
  for (const auto& entry : fs::directory_iterator(folder_.path() / "marker")) {
    found.push_back("left the marker " + entry.path().filename().string());
  }
  for (const auto& entry : fs::directory_iterator(folder_.path() / "tmp")) {
    found.push_back("left " + entry.path().string());
    fs::permissions(entry.path(), fs::perms(0700));
  }
  for (const char* folder : {"/tmp", "/dev/shm", "/var/tmp"}) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
      if (entry.path().filename().string().find(id_) == std::string::npos) continue;
      found.push_back("left " + entry.path().string());
      fs::remove_all(entry.path());
    }
  }
  for (const Process& process : processes()) {
    const bool ours = process.parent == getpid() && std::to_string(process.pid) != victim_pid_;
    if (!ours && process.name != id_.substr(0, 15)) continue;
    found.push_back("left the process " + std::to_string(process.pid) + " (" + process.name + ")");
  }
  const auto alive = victim_->ask("who", 20);
  if (!std::holds_alternative<std::string>(alive)) {
    found.push_back("ended another process by " + describe(std::get<Ending>(alive)));
  }
  if (course_files() != before_) found.push_back("changed the course");
  return found;
}

}  // namespace autograder_tests
