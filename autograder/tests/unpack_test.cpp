// Taking hand-ins apart: what is read, what is refused, and which files are the homework's.
#include "autograder/unpack.hpp"

#include <sys/stat.h>

#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

using Entries = std::vector<make::Entry>;
using Names = std::vector<std::string>;
const std::set<std::string> kWanted{"linear.cpp", "sgd.cpp", "autograder_flags.json", "tensor.hpp"};

std::variant<Contents, Refused> unpack_entries(const Entries& entries, const std::string& format = "tar",
                                               const ArchiveCaps& caps = {}) {
  const TemporaryFolder folder;
  return unpack(make::archive(folder.path() / ("handin." + format), entries), kWanted, caps);
}

/// The contents of a hand-in that is not refused; the refusal stands in the names of one that is.
Contents contents(const std::variant<Contents, Refused>& unpacked) {
  if (const auto* refused = std::get_if<Refused>(&unpacked)) return {{"refused: " + refused->why}, {}};
  return std::get<Contents>(unpacked);
}

/// Why it was refused; an empty text where it was not.
template <typename Accepted>
std::string refusal(const std::variant<Accepted, Refused>& unpacked) {
  const auto* refused = std::get_if<Refused>(&unpacked);
  return refused ? refused->why : "";
}

Handin select(const Entries& entries) {
  const auto selected = select_files(contents(unpack_entries(entries)), make::assignment(), {{"tensor.hpp", "ours"}});
  REQUIRE(refusal(selected) == "");
  return std::get<Handin>(selected);
}

/// The archive's bytes, changed by hand.
std::string refusal_of_bytes(const std::string& bytes) {
  const TemporaryFolder folder;
  return refusal(unpack(make::file(folder.path() / "handin", bytes), kWanted));
}

std::string bytes_of(const Entries& entries, const std::string& format) {
  const TemporaryFolder folder;
  return read_file(make::archive(folder.path() / ("handin." + format), entries));
}

/// 20,000 bytes that do not compress.
std::string noise() {
  std::string bytes;
  for (unsigned i = 1; bytes.size() < 20'000; i = i * 1664525u + 1013904223u) bytes += static_cast<char>(i >> 24);
  return bytes;
}

}  // namespace

TEST_CASE("unpack: tar, tar.gz and zip give the names of all files and the bytes of the wanted ones") {
  const std::string format = GENERATE("tar", "tar.gz", "zip");
  const Contents found = contents(unpack_entries(
      {{"src/", "", AE_IFDIR}, {"src/linear.cpp", "int a;\n"}, {"notes.txt", "n"}, {"src/sgd.cpp", ""}}, format));
  CHECK(found.names == Names{"src/linear.cpp", "notes.txt", "src/sgd.cpp"});
  CHECK(found.bytes == std::map<std::string, std::string>{{"src/linear.cpp", "int a;\n"}, {"src/sgd.cpp", ""}});
}

TEST_CASE("unpack: a folder gives the same as an archive") {
  const TemporaryFolder folder;
  make::file(folder.path() / "src/linear.cpp", "int a;\n");
  make::file(folder.path() / "notes.txt", "n");
  const Contents found = contents(unpack(folder.path(), kWanted));
  CHECK(found.names == Names{"notes.txt", "src/linear.cpp"});
  CHECK(found.bytes == std::map<std::string, std::string>{{"src/linear.cpp", "int a;\n"}});
}

TEST_CASE("unpack: a leading ./ is no part of a name") {
  CHECK(contents(unpack_entries({{"./", "", AE_IFDIR}, {"./src/linear.cpp", "a"}, {"././sgd.cpp", "b"}})).names ==
        Names{"src/linear.cpp", "sgd.cpp"});
}

TEST_CASE("unpack: names with spaces, umlauts, a leading - and dots are names") {
  const std::string format = GENERATE("tar", "zip");
  const Names names{"my work/linear.cpp", "M\xc3\xbcller/sgd.cpp", "-rf", "a..b/..c"};
  Entries entries;
  for (const std::string& name : names) entries.push_back({name, "bytes"});
  const Contents found = contents(unpack_entries(entries, format));
  CHECK(found.names == names);
  CHECK(found.bytes.size() == 2);
}

TEST_CASE("unpack: what is no plain file is refused, and named") {
  CHECK_THAT(refusal(unpack_entries({{"linear.cpp", "", AE_IFLNK, "/etc/passwd"}})),
             ContainsSubstring("symbolic link \"linear.cpp\""));
  CHECK_THAT(refusal(unpack_entries({{"any", "", AE_IFLNK, "target"}}, "zip")), ContainsSubstring("symbolic link"));
  CHECK_THAT(refusal(unpack_entries({{"a", "a"}, {"linear.cpp", "", AE_IFREG, "", "a"}})),
             ContainsSubstring("hard link \"linear.cpp\""));
  for (const unsigned type : {AE_IFCHR, AE_IFBLK, AE_IFIFO}) {
    CHECK_THAT(refusal(unpack_entries({{"odd", "", type}})), ContainsSubstring("\"odd\", which is no regular file"));
  }
}

TEST_CASE("unpack: names that lead out of the hand-in are refused") {
  for (const std::string name : {"/etc/passwd", "//etc/passwd", "\\\\server\\share", "C:\\a", "c:/a"}) {
    CHECK_THAT(refusal(unpack_entries({{name, "x"}})), ContainsSubstring("absolute path"));
  }
  for (const std::string name : {"../linear.cpp", "a/../../b", "a/..", "./../b"}) {
    CHECK_THAT(refusal(unpack_entries({{name, "x"}})), ContainsSubstring("leads out of the hand-in"));
  }
  CHECK_THAT(refusal(unpack_entries({{"../", "", AE_IFDIR}})), ContainsSubstring("leads out of the hand-in"));
}

TEST_CASE("unpack: what says nothing in a name is dropped") {
  const auto unpacked =
      unpack_entries({{"m/./src//nn/linear.cpp", "x"}, {".//b", ""}, {"m/Icon\r", ""}, {"a: notes", ""}});
  REQUIRE(std::holds_alternative<Contents>(unpacked));
  CHECK(std::get<Contents>(unpacked).names ==
        std::vector<std::string>{"m/src/nn/linear.cpp", "b", "m/Icon", "a: notes"});
}

TEST_CASE("unpack: names with control characters are refused, and shown without them") {
  for (const std::string name : {"a\x1b[2J", "a\nb", "a\tb", "a\x7f"}) {
    const std::string why = refusal(unpack_entries({{name, "x"}}));
    CHECK_THAT(why, ContainsSubstring("\"a?"));
    CHECK_THAT(why, ContainsSubstring("control characters"));
  }
}

TEST_CASE("unpack: a name that occurs twice is refused, also with other capitals or a leading ./") {
  for (const std::string second : {"src/linear.cpp", "./src/linear.cpp", "src/Linear.cpp", "SRC/LINEAR.CPP"}) {
    CHECK_THAT(refusal(unpack_entries({{"src/linear.cpp", "a"}, {second, "b"}})), ContainsSubstring("twice"));
  }
}

TEST_CASE("unpack: an archive of as many entries as allowed is read, one more is refused") {
  ArchiveCaps caps;
  caps.entries = 3;
  const Entries three{{"a", "", AE_IFDIR}, {"a/b", "x"}, {"a/c", "x"}};
  CHECK(contents(unpack_entries(three, "tar", caps)).names == Names{"a/b", "a/c"});
  Entries four = three;
  four.push_back({"d", "", AE_IFDIR});
  CHECK_THAT(refusal(unpack_entries(four, "tar", caps)), ContainsSubstring("more than 3 entries"));
}

TEST_CASE("unpack: a wanted file of the allowed size is read, one byte more is refused") {
  const std::string mebibyte(std::size_t{1} << 20, 'a');
  CHECK(contents(unpack_entries({{"linear.cpp", mebibyte}}, "zip")).bytes.at("linear.cpp") == mebibyte);
  CHECK_THAT(refusal(unpack_entries({{"linear.cpp", mebibyte + "a"}}, "zip")),
             ContainsSubstring("\"linear.cpp\" is larger than 1 MiB"));
  CHECK(contents(unpack_entries({{"other", mebibyte + "a"}}, "tar")).names == Names{"other"});
}

TEST_CASE("unpack: what unpacks to more than allowed is refused, wanted or not") {
  ArchiveCaps caps;
  caps.total_bytes = std::size_t{2} << 20;
  const std::string mebibyte(std::size_t{1} << 20, 'a');
  const std::string format = GENERATE("tar", "zip");
  caps.ratio = 10'000;
  CHECK(refusal(unpack_entries({{"a", mebibyte}, {"b", mebibyte}}, format, caps)) == "");
  CHECK_THAT(refusal(unpack_entries({{"a", mebibyte}, {"b", mebibyte}, {"c", "a"}}, format, caps)),
             ContainsSubstring("unpacks to more than 2 MiB"));
  CHECK_THAT(refusal(unpack_entries({{"a", mebibyte}, {"b", mebibyte}}, "tar.gz", caps)),
             ContainsSubstring("unpacks to more than 2 MiB"));  // headers and padding count too
}

TEST_CASE("unpack: an archive that is itself too large is refused before it is looked into") {
  ArchiveCaps caps;
  caps.archive_bytes = std::size_t{1} << 20;
  const std::string mebibyte(std::size_t{1} << 20, 'a');
  CHECK(refusal(unpack_entries({{"a", mebibyte}}, "zip", caps)) == "");
  CHECK(refusal(unpack_entries({{"a", mebibyte}}, "tar", caps)) == "the archive is larger than 1 MiB");
}

TEST_CASE("unpack: a name of the allowed length is read, a longer one is refused") {
  CHECK(refusal(unpack_entries({{std::string(1000, 'a'), "x"}})) == "");
  CHECK_THAT(refusal(unpack_entries({{std::string(1001, 'a'), "x"}})), ContainsSubstring("longer than 1000 bytes"));
}

TEST_CASE("unpack: an archive that is cut off is refused") {
  const std::string format = GENERATE("tar", "tar.gz", "zip");
  const std::string whole = bytes_of({{"linear.cpp", noise()}}, format);
  CHECK(refusal_of_bytes(whole) == "");
  CHECK_THAT(refusal_of_bytes(whole.substr(0, 10'000)), ContainsSubstring("not a readable"));
}

TEST_CASE("unpack: an archive whose bytes are damaged is refused") {
  std::string bytes = bytes_of({{"linear.cpp", noise()}, {"sgd.cpp", "b"}}, "zip");
  bytes[10'000] ^= 1;
  CHECK_THAT(refusal_of_bytes(bytes), ContainsSubstring("not a readable"));
}

TEST_CASE("unpack: what is no archive, or an empty one, is refused") {
  CHECK_THAT(refusal_of_bytes("int main() {}\n"), ContainsSubstring("not a readable .tar, .tar.gz or .zip"));
  CHECK_THAT(refusal_of_bytes(""), ContainsSubstring("not a readable"));
  CHECK(refusal_of_bytes(std::string("\x1f\x8b\x08\0\0\0\0\0\0\3", 10)) != "");
  CHECK_THAT(refusal(unpack_entries({}, "tar")), ContainsSubstring("empty"));
  CHECK(refusal(unpack_entries({}, "zip")) != "");
}

TEST_CASE("unpack: an encrypted zip is refused as such") {
  std::string bytes = bytes_of({{"linear.cpp", "int a;"}}, "zip");
  bytes[bytes.find("PK\x03\x04") + 6] |= 1;  // the flags of the entry, at both places
  bytes[bytes.find("PK\x01\x02") + 8] |= 1;
  CHECK(refusal_of_bytes(bytes) == "the archive is encrypted");
}

TEST_CASE("unpack: a folder's links and pipes are refused under a wanted name, else passed over") {
  const TemporaryFolder folder, elsewhere;
  make::file(elsewhere.path() / "linear.cpp", "theirs");
  fs::create_symlink(elsewhere.path(), folder.path() / "link");
  fs::create_symlink("/etc/passwd", folder.path() / "notes.txt");
  CHECK(contents(unpack(folder.path(), kWanted)).names.empty());
  fs::create_symlink(elsewhere.path() / "linear.cpp", folder.path() / "linear.cpp");
  CHECK_THAT(refusal(unpack(folder.path(), kWanted)), ContainsSubstring("\"linear.cpp\" is a symbolic link"));
  fs::remove(folder.path() / "linear.cpp");
  REQUIRE(mkfifo((folder.path() / "sgd.cpp").c_str(), 0600) == 0);
  CHECK_THAT(refusal(unpack(folder.path(), kWanted)), ContainsSubstring("\"sgd.cpp\" is no regular file"));
}

TEST_CASE("unpack: a folder's build tree, hidden folders and grader are no part of the hand-in") {
  const TemporaryFolder folder;
  for (const char* name : {"build/src/linear.cpp", ".git/linear.cpp", "grader/linear.cpp", "src/linear.cpp"}) {
    make::file(folder.path() / name, "x");
  }
  CHECK(contents(unpack(folder.path(), kWanted)).names == Names{"src/linear.cpp"});
}

TEST_CASE("unpack: a folder has the caps of an archive") {
  const TemporaryFolder folder;
  make::file(folder.path() / "linear.cpp", std::string((std::size_t{1} << 20) + 1, 'a'));
  make::file(folder.path() / "other", "");
  CHECK_THAT(refusal(unpack(folder.path(), kWanted)), ContainsSubstring("\"linear.cpp\" is larger than 1 MiB"));
  ArchiveCaps caps;
  caps.entries = 1;
  CHECK_THAT(refusal(unpack(folder.path(), {}, caps)), ContainsSubstring("more than 1 entries"));
}

TEST_CASE("unpack: the sources in a folder may not be more than allowed together") {
  const TemporaryFolder folder;
  const std::string mebibyte(std::size_t{1} << 20, 'a');
  for (const char* name : {"a/linear.cpp", "b/linear.cpp", "notes.txt"}) make::file(folder.path() / name, mebibyte);
  ArchiveCaps caps;
  caps.total_bytes = std::size_t{2} << 20;
  CHECK(refusal(unpack(folder.path(), kWanted, caps)) == "");
  make::file(folder.path() / "sgd.cpp", "a");
  CHECK_THAT(refusal(unpack(folder.path(), kWanted, caps)), ContainsSubstring("more than 2 MiB of sources"));
}

TEST_CASE("unpack: what lies too deep in a folder to be the homework's is passed over") {
  const TemporaryFolder folder;
  std::string deep;
  for (int i = 0; i < 31; ++i) deep += "d/";
  make::file(folder.path() / (deep + "linear.cpp"), "x");
  make::file(folder.path() / (deep + "d/linear.cpp"), "x");
  CHECK(contents(unpack(folder.path(), kWanted)).names == Names{deep + "linear.cpp"});
  const fs::path wide(std::string(250, 'w'));
  make::file(folder.path() / wide / wide / wide / wide / "linear.cpp", "x");
  CHECK(contents(unpack(folder.path(), kWanted)).names == Names{deep + "linear.cpp"});
}

TEST_CASE("unpack: a hand-in that is not there is a grader error") {
  const TemporaryFolder folder;
  const auto error = [&](const fs::path& path) { return make::error_of<GraderError>([&] { unpack(path, kWanted); }); };
  CHECK_THAT(error(folder.path() / "none.tar"), ContainsSubstring("none.tar: there is no such file or folder"));
  CHECK_THAT(error("/dev/null"), ContainsSubstring("neither a file nor a folder"));
}

TEST_CASE("unpack: the homework's files are taken from the top or from one folder, the others ignored") {
  const std::string around = GENERATE("", "alice/", "M\xc3\xbcller, Eva/", "-rf/");
  const Handin handin = select(
      {{around + "src/linear.cpp", "a"}, {around + "autograder_flags.json", "{}"}, {around + "x/src/sgd.cpp", "b"}});
  CHECK(handin.files == std::map<std::string, std::string>{{"src/linear.cpp", "a"}, {"autograder_flags.json", "{}"}});
  CHECK(handin.taken == Names{"src/linear.cpp", "autograder_flags.json"});
  CHECK(handin.ignored == Names{around + "x/src/sgd.cpp"});
  CHECK(handin.notices.empty());
}

TEST_CASE("unpack: files at the top win over those in a folder") {
  const Handin handin = select({{"backup/src/linear.cpp", "old"}, {"src/linear.cpp", "new"}, {"b/src/sgd.cpp", "x"}});
  CHECK(handin.files == std::map<std::string, std::string>{{"src/linear.cpp", "new"}});
}

TEST_CASE("unpack: what macOS adds beside the folder is ignored") {
  const Handin handin = select({{"alice/src/linear.cpp", "a"},
                                {"__MACOSX/alice/src/._linear.cpp", "?"},
                                {"__MACOSX/src/linear.cpp", "?"},
                                {"alice/.DS_Store", "?"}});
  CHECK(handin.files == std::map<std::string, std::string>{{"src/linear.cpp", "a"}});
}

TEST_CASE("unpack: two folders that could be the hand-in are refused, and named") {
  const auto selected = select_files(contents(unpack_entries({{"a/src/linear.cpp", "a"}, {"b/src/sgd.cpp", "b"}})),
                                     make::assignment(), {});
  CHECK_THAT(refusal(selected), ContainsSubstring("\"a/\" and \"b/\""));
}

TEST_CASE("unpack: a hand-in without any of the files is not refused here") {
  CHECK(select({{"autograder_flags.json", "{}"}, {"a/b/c/src/linear.cpp", "x"}}).taken ==
        Names{"autograder_flags.json"});
}

TEST_CASE("unpack: a header that differs from the handout's is noticed, the same one is not") {
  const std::string around = GENERATE("", "alice/");
  const auto with_header = [&](const std::string& bytes) {
    return select({{around + "src/linear.cpp", "a"}, {around + "include/tensor.hpp", bytes}}).notices;
  };
  CHECK(with_header("ours").empty());
  REQUIRE(with_header("theirs").size() == 1);
  CHECK_THAT(with_header("theirs")[0], ContainsSubstring("include/tensor.hpp differs from the handout's"));
}

TEST_CASE("unpack: the files of an assignment are counted at the top or in the folder that has most") {
  const auto count = [](const Entries& entries) {
    return count_listed(contents(unpack_entries(entries)), make::assignment());
  };
  CHECK(count({{"src/linear.cpp", ""}, {"src/sgd.cpp", ""}, {"autograder_flags.json", ""}}) == 2);
  CHECK(count({{"a/src/linear.cpp", ""}, {"b/src/linear.cpp", ""}, {"b/src/sgd.cpp", ""}}) == 2);
  CHECK(count({{"a/src/linear.cpp", ""}, {"a/src/sgd.cpp", ""}, {"b/src/linear.cpp", ""}}) == 2);
  CHECK(count({{"other/linear.cpp", ""}, {"__MACOSX/src/linear.cpp", ""}}) == 0);
}

TEST_CASE(
    "unpack: files of tests are read where they are wanted, in archives and folders, a folder around them or not") {
  const std::string around = GENERATE("", "me/");
  const Entries entries{{around + "src/linear.cpp", "l"},   {around + "tests/a_test.cpp", "a"},
                        {around + "tests/deep/b.cpp", "b"}, {around + "tests/notes.txt", "n"},
                        {around + "x/y/tests/c.cpp", "c"},  {around + "tests/.cpp", "d"}};
  const TemporaryFolder folder;
  for (const make::Entry& one : entries) make::file(folder.path() / "handin" / one.name, one.bytes);
  const fs::path tar = make::archive(folder.path() / "handin.tar", entries);
  std::set<std::string> wanted = kWanted;
  CHECK(contents(unpack(tar, wanted)).bytes.size() == 1);
  wanted.insert(kTestFiles);
  for (const fs::path& path : {tar, folder.path() / "handin"}) {
    const auto selected = select_files(contents(unpack(path, wanted)), make::assignment(), {});
    REQUIRE(refusal(selected) == "");
    const Handin handin = std::get<Handin>(selected);
    CHECK(handin.tests == std::map<std::string, std::string>{{"tests/a_test.cpp", "a"}});
    CHECK(handin.taken == Names{"src/linear.cpp", "tests/a_test.cpp"});
    CHECK(handin.ignored.size() == 4);
  }
}

TEST_CASE("unpack: files of tests have the protections of sources") {
  const TemporaryFolder folder;
  make::file(folder.path() / "tests/a.cpp", "a");
  fs::create_symlink("/etc/passwd", folder.path() / "tests/b.cpp");
  CHECK(contents(unpack(folder.path(), kWanted)).names == Names{"tests/a.cpp"});
  CHECK_THAT(refusal(unpack(folder.path(), {kTestFiles})), ContainsSubstring("is a symbolic link"));
  fs::remove(folder.path() / "tests/b.cpp");
  make::file(folder.path() / "tests/b.cpp", std::string(2 << 20, ' '));
  CHECK_THAT(refusal(unpack(folder.path(), {kTestFiles})), ContainsSubstring("is larger than 1 MiB"));
}

TEST_CASE("unpack: of too many files of tests the first are taken, and a notice says so") {
  Contents found{{"src/linear.cpp"}, {{"src/linear.cpp", "l"}}};
  for (std::size_t i = 0; i < kMaxTestFiles + 2; ++i) {
    const std::string name = "tests/" + std::to_string(100 + i) + ".cpp";
    found.names.push_back(name);
    found.bytes[name] = "t";
  }
  const auto selected = select_files(found, make::assignment(), {});
  REQUIRE(refusal(selected) == "");
  const Handin handin = std::get<Handin>(selected);
  CHECK(handin.tests.size() == kMaxTestFiles);
  CHECK(handin.tests.count("tests/100.cpp") == 1);
  REQUIRE(handin.notices.size() == 1);
  CHECK_THAT(handin.notices[0], ContainsSubstring("2 are ignored"));
}
