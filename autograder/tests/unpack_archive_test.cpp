// Archives that no honest program writes, byte by byte. Each is refused, or read as what it is, in bounded time and
// memory. Sizes that a header claims are counted in terabytes here, and nothing of the sort is ever made.
#include "autograder/unpack_archive.hpp"

#include <cstdio>

#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

using Names = std::vector<std::string>;
constexpr std::size_t kMebibyte = std::size_t{1} << 20;
const std::string kTarEnd(1024, '\0');
const std::string kTerabyte = "1099511627776";

/// The names in an archive, or why it is refused.
Names names_in(const std::string& bytes) {
  const auto unpacked = unpack_archive(bytes, {"linear.cpp"}, {});
  if (const auto* refused = std::get_if<Refused>(&unpacked)) return {"refused: " + refused->why};
  return std::get<Contents>(unpacked).names;
}

std::string refusal(const std::string& bytes) {
  const auto unpacked = unpack_archive(bytes, {"linear.cpp"}, {});
  const auto* refused = std::get_if<Refused>(&unpacked);
  return refused ? refused->why : "";
}

/// A number as the fields of a tar have it: octal, eleven digits (POSIX, ustar).
std::string octal(std::size_t number) {
  char text[12];
  std::snprintf(text, sizeof text, "%011o", static_cast<unsigned>(number));
  return text;
}

/// One entry of a tar; `size` is what its header claims.
std::string tar_entry(const std::string& name, char type, const std::string& bytes, std::string size = "") {
  std::string header(512, '\0');
  if (size.empty()) size = octal(bytes.size());
  header.replace(0, name.size(), name).replace(100, 7, "0000644").replace(124, size.size(), size);
  header.replace(148, 8, std::string(8, ' ')).replace(156, 1, 1, type).replace(257, 8, std::string("ustar\00000", 8));
  unsigned sum = 0;
  for (const unsigned char c : header) sum += c;
  header.replace(148, 7, octal(sum).substr(5) + '\0');
  return header + bytes + std::string((512 - bytes.size() % 512) % 512, '\0');
}

/// One record of a pax header: its length, which counts itself, a key and a value.
std::string pax(const std::string& key, const std::string& value) {
  const std::string record = " " + key + "=" + value + "\n";
  std::size_t length = record.size() + 1;
  while (std::to_string(length).size() + record.size() > length) ++length;
  return std::to_string(length) + record;
}

/// A tar with a file of holes: `map` is a list of offsets and sizes, as GNU tar 1.0 writes it before the data.
std::string sparse_tar(const std::string& map, const std::string& data, const std::string& name = "linear.cpp") {
  const std::string keys = pax("GNU.sparse.major", "1") + pax("GNU.sparse.minor", "0") + pax("GNU.sparse.name", name) +
                           pax("GNU.sparse.realsize", kTerabyte);
  const std::string padding((512 - map.size() % 512) % 512, '\0');
  return tar_entry("keys", 'x', keys) + tar_entry("linear.cpp", '0', map + padding + data) + kTarEnd;
}

std::string gzip(const std::string& bytes) {
  std::string packed(bytes.size() + 1000, '\0');
  std::size_t used = 0;
  const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(), archive_write_free);
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
  archive_write_set_format_raw(writer.get());
  archive_write_add_filter_gzip(writer.get());
  archive_write_open_memory(writer.get(), packed.data(), packed.size(), &used);
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_write_header(writer.get(), entry.get());
  archive_write_data(writer.get(), bytes.data(), bytes.size());
  archive_write_close(writer.get());
  return packed.substr(0, used);
}

std::string packed(const std::vector<make::Entry>& entries, const std::string& format) {
  const TemporaryFolder folder;
  return read_file(make::archive(folder.path() / ("handin." + format), entries));
}

/// The bytes with every occurrence of `from` replaced by as many of `to`.
std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = bytes.find(from, at)) != std::string::npos; at += to.size()) {
    bytes.replace(at, from.size(), to);
  }
  return bytes;
}

const std::string kSource = tar_entry("linear.cpp", '0', "int a;\n");

}  // namespace

TEST_CASE("unpack_archive: a name in UTF-8, as a pax header has it, is read as it is") {
  const std::string tar =
      tar_entry("pax", 'x', pax("path", "M\xc3\xbcl/a.cpp")) + tar_entry("a.cpp", '0', "x") + kSource + kTarEnd;
  CHECK(names_in(tar) == Names{"M\xc3\xbcl/a.cpp", "linear.cpp"});
}

TEST_CASE("unpack_archive: names that are no UTF-8 are names; those that nothing can show are passed over") {
  const std::string name = GENERATE("\xff\xfe", "a\xc3", "\xed\xa0\x80");
  CHECK(names_in(tar_entry(name, '0', "x") + kSource + kTarEnd) == Names{name, "linear.cpp"});
  CHECK(names_in(packed({{name, "x"}, {"linear.cpp", "x"}}, "zip")).size() == 2);
  const Names found = names_in(tar_entry("pax", 'x', pax("path", name)) + tar_entry("a", '0', "x") + kSource + kTarEnd);
  REQUIRE(found.size() == 2);
  CHECK(found[1] == "linear.cpp");
}

TEST_CASE("unpack_archive: letters beyond ASCII are not folded, so their capitals make another name") {
  CHECK(names_in(packed({{"\xc3\x84.cpp", "x"}, {"\xc3\xa4.cpp", "x"}}, "tar")).size() == 2);
  CHECK_THAT(refusal(packed({{"\xc3\x84.cpp", "x"}, {"\xc3\x84.CPP", "x"}}, "tar")), ContainsSubstring("twice"));
}

TEST_CASE("unpack_archive: what unpacks to a hundred times its size is refused, small archives excepted") {
  const std::string format = GENERATE("tar.gz", "zip");
  CHECK(refusal(packed({{"a", std::string(kMebibyte - 4096, 'a')}}, format)) == "");
  CHECK(refusal(packed({{"a", std::string(2 * kMebibyte, 'a')}}, format)) ==
        "the archive unpacks to more than 100 times its own size");
}

TEST_CASE("unpack_archive: many small bombs are one large one") {
  std::vector<make::Entry> entries;
  for (int i = 0; i < 20; ++i) entries.push_back({"f" + std::to_string(i), std::string(kMebibyte / 10, 'a')});
  const std::string format = GENERATE("tar.gz", "zip");
  CHECK_THAT(refusal(packed(entries, format)), ContainsSubstring("more than 100 times"));
}

TEST_CASE("unpack_archive: what is compressed twice is refused") {
  const std::string tar = kSource + kTarEnd;
  CHECK(names_in(gzip(tar)) == Names{"linear.cpp"});
  CHECK_THAT(refusal(gzip(gzip(tar))), ContainsSubstring("compressed twice"));
  CHECK_THAT(refusal(gzip(gzip(gzip(tar)))), ContainsSubstring("compressed twice"));
  CHECK(names_in(packed({{"inner.tar.gz", gzip(tar)}}, "tar.gz")) == Names{"inner.tar.gz"});
}

TEST_CASE("unpack_archive: the header of a layer inside is not read, however long it says that it is") {
  // The file's name in the inner gzip never ends: whoever looks for its end unpacks it all, into memory.
  const std::string inner = "\x1f\x8b\x08\x08" + std::string(6, '\0') + std::string(8 * kMebibyte, 'a');
  CHECK_THAT(refusal(gzip(inner)), ContainsSubstring("more than 100 times"));
}

TEST_CASE("unpack_archive: a hundred thousand entries are refused") {
  CHECK(refusal(packed(std::vector<make::Entry>(100'000, {"d/", "", AE_IFDIR}), "zip")) ==
        "the archive has more than 10000 entries");
  std::string tar;
  for (int i = 0; i < 10'001; ++i) tar += tar_entry("d" + std::to_string(i), '5', "");
  CHECK(refusal(tar + kTarEnd) == "the archive has more than 10000 entries");
}

TEST_CASE("unpack_archive: a file of holes that claims a terabyte is given up early") {
  const std::string hole = "1\n" + kTerabyte + "\n0\n";
  CHECK(names_in(sparse_tar(hole, "")) == Names{"linear.cpp"});
  const std::string byte_after = "1\n" + kTerabyte + "\n1\n";
  CHECK_THAT(refusal(sparse_tar(byte_after, "x")), ContainsSubstring("linear.cpp\" is larger than 1 MiB"));
  const std::string other = sparse_tar(byte_after, "x", "notes.txt");
  CHECK_THAT(refusal(other), ContainsSubstring("more than 100 times"));
  CHECK_THAT(refusal(gzip(other)), ContainsSubstring("more than 100 times"));
}

TEST_CASE("unpack_archive: a map of holes that lies or has no end is refused, or holds nothing") {
  const std::string map = GENERATE_COPY(
      "9223372036854775807\n", "-1\n", "1\n-5\n5\n", "2\n" + kTerabyte + "\n1\n0\n1\n", "x", "99999999999999999999\n",
      "1\n9223372036854775807\n9223372036854775807\n", std::string(4000, '1'), std::string(4000, '\n'));
  CAPTURE(map.substr(0, 40));
  const auto unpacked = unpack_archive(sparse_tar(map, ""), {"linear.cpp"}, {});
  if (const auto* contents = std::get_if<Contents>(&unpacked)) CHECK(contents->bytes.at("linear.cpp").size() < 1024);
}

TEST_CASE("unpack_archive: old GNU headers of holes are given up early too") {
  std::string header = tar_entry("notes.txt", 'S', "x");
  header.replace(257, 8, "ustar  ").replace(264, 1, 1, '\0');  // GNU's magic
  const std::string far("\x80\0\0\0\0\0\x01\0\0\0\0\0", 12);   // 2^40, base 256
  header.replace(386, 12, far).replace(398, 12, octal(1) + '\0').replace(483, 12, far);
  header.replace(148, 8, std::string(8, ' '));
  unsigned sum = 0;
  for (const unsigned char c : header.substr(0, 512)) sum += c;
  header.replace(148, 7, octal(sum).substr(5) + '\0');
  CHECK_THAT(refusal(header + kTarEnd), ContainsSubstring("more than 100 times"));
}

TEST_CASE("unpack_archive: a pax header or long name of two MiB is refused") {
  const std::string path = pax("path", std::string(2 * kMebibyte, 'a'));
  CHECK(refusal(tar_entry("keys", 'x', path) + kSource + kTarEnd) != "");
  CHECK(refusal(tar_entry("keys", 'g', path) + kSource + kTarEnd) != "");
  CHECK(refusal(tar_entry("././@LongLink", 'L', std::string(2 * kMebibyte, 'a')) + kSource + kTarEnd) != "");
}

TEST_CASE("unpack_archive: headers about headers without end are refused") {
  const std::string type = GENERATE("x", "g", "L", "K");
  std::string tar;
  for (int i = 0; i < 20'000; ++i) tar += tar_entry("keys", type[0], "");
  CHECK(refusal(tar) != "");
  CHECK(refusal(gzip(tar)) != "");
}

TEST_CASE("unpack_archive: a pax header that is cut off, or whose lengths lie, does no harm") {
  const std::string keys =
      GENERATE("9999999999 path=a\n", "-1 path=a\n", "0 path=a\n", "12 path", "4 =\n", "\n", "99999999999999999999999");
  CAPTURE(keys);
  const Names found = names_in(tar_entry("keys", 'x', keys) + kSource + kTarEnd);
  REQUIRE(found.size() == 1);
  CHECK((found[0] == "linear.cpp" || found[0].starts_with("refused: it is not a readable")));
}

TEST_CASE("unpack_archive: a size that is negative or beyond the archive is refused") {
  const std::string size = GENERATE(values<std::string>({
      "77777777777",                                                  // 8 GiB less a byte
      std::string(12, '\xff'),                                        // -1, base 256
      std::string("\xff\x80\0\0\0\0\0\0\0\0\0\0", 12),                // far below
      std::string("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12),  // 2^63 - 1
      std::string("\x80\0\0\0\x80\0\0\0\0\0\0\0", 12),                // 2^63
      std::string("\x80\0\0\0\0\0\x01\0\0\0\0\0", 12),                // 2^40
  }));
  CHECK(refusal(tar_entry("linear.cpp", '0', "int a;\n", size) + kTarEnd) != "");
  CHECK(refusal(gzip(tar_entry("linear.cpp", '0', "int a;\n", size) + kTarEnd)) != "");
  for (const char* claimed : {"-1", "9223372036854775807", "9223372036854775808", "1099511627776"}) {
    CHECK(refusal(tar_entry("keys", 'x', pax("size", claimed)) + kSource + kTarEnd) != "");
  }
}

TEST_CASE("unpack_archive: a zip that is cut off is refused, even where all its files are there") {
  const std::string zip = packed({{"linear.cpp", "int a;\n"}, {"b", "b"}}, "zip");
  const auto directory = zip.find("PK\x01\x02");
  REQUIRE(names_in(zip).size() == 2);
  for (const std::size_t size : {directory, directory + 20, zip.size() - 10}) {
    CHECK_THAT(refusal(zip.substr(0, size)), ContainsSubstring("not a readable"));
  }
}

TEST_CASE("unpack_archive: a reason is one line, also where libarchive's is not") {
  std::string zip = packed({{"linear.cpp", "int a;\n"}}, "zip");
  const std::string too_much("\xff\xff\xff\x7f", 4);
  zip.replace(zip.find("PK\x03\x04") + 22, 4, too_much).replace(zip.find("PK\x01\x02") + 24, 4, too_much);
  const std::string why = refusal(zip);
  CHECK_THAT(why, ContainsSubstring("wrong size"));
  CHECK(why.find('\n') == std::string::npos);
}

TEST_CASE("unpack_archive: where a zip's directory has other names than its files, the files' count") {
  const std::string zip = packed({{"linear.cpp", "int a;\n"}}, "zip");
  const auto directory = zip.find("PK\x01\x02");
  REQUIRE(directory != std::string::npos);
  const std::string other = zip.substr(0, directory) + replaced(zip.substr(directory), "linear.cpp", "../../etc/");
  CHECK(names_in(other) == Names{"linear.cpp"});
  const std::string local = replaced(zip.substr(0, directory), "linear.cpp", "../../etc/") + zip.substr(directory);
  CHECK_THAT(refusal(local), ContainsSubstring("leads out of the hand-in"));
}

TEST_CASE("unpack_archive: a zip's methods that may take gigabytes of memory are refused unread") {
  const std::string zip = packed({{"linear.cpp", "int a;\n"}}, "zip");
  const auto directory = zip.find("PK\x01\x02");
  for (const char method : {1, 6, 9, 12, 14, 93, 95, 98}) {  // lzma is 14, xz 95, ppmd 98
    std::string edited = zip;
    edited[zip.find("PK\x03\x04") + 8] = method;
    edited[directory + 10] = method;
    CHECK_THAT(refusal(edited), ContainsSubstring("\"linear.cpp\", compressed in an unusual way"));
  }
}

TEST_CASE("unpack_archive: an encrypted zip is refused, by whichever header says that it is") {
  const std::string zip = packed({{"linear.cpp", "int a;\n"}}, "zip");
  std::string local = zip;
  local[zip.find("PK\x03\x04") + 6] |= 1;
  CHECK(refusal(local) == "the archive is encrypted");
  std::string strong = zip;
  strong[zip.find("PK\x03\x04") + 6] |= 0x41;
  strong[zip.find("PK\x01\x02") + 8] |= 0x41;
  CHECK(refusal(strong) != "");
}

TEST_CASE("unpack_archive: a tar with a zip behind it is a tar, and a zip in a gzip is that zip") {
  const std::string zip = packed({{"sgd.cpp", "int a;\n"}}, "zip");
  CHECK(names_in(kSource + kTarEnd + zip) == Names{"linear.cpp"});
  CHECK(names_in(gzip(zip)) == names_in(zip));
}
