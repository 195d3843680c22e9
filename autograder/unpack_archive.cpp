// See unpack_archive.hpp.
#include "autograder/unpack_archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <optional>

#include "autograder/entry_name.hpp"

namespace autograder {

namespace {

using Reader = std::unique_ptr<archive, int (*)(archive*)>;

bool is_gzip(const std::string& bytes) { return bytes.starts_with("\x1f\x8b"); }

Refused unreadable(archive* reader) {
  const char* said = archive_error_string(reader);
  std::string message = said ? said : "damaged";
  while (message.ends_with('\n')) message.pop_back();  // some end so
  return {"it is not a readable .tar, .tar.gz or .zip archive (" + plain_text(message, 200) + ")"};
}

/// Counts what comes out of an archive, whatever it is: names, data, padding, the zeros of a hole.
class Meter {
 public:
  Meter(std::size_t packed, const ArchiveCaps& caps) : packed_(packed), caps_(caps) {}

  /// Returns why no more is read, if so.
  std::optional<std::string> add(std::size_t bytes) {
    unpacked_ += bytes;
    if (unpacked_ > caps_.total_bytes) {
      return "the archive unpacks to more than " + std::to_string(caps_.total_bytes >> 20) + " MiB";
    }
    if (unpacked_ > caps_.any_ratio_bytes && unpacked_ > caps_.ratio * packed_) {
      return "the archive unpacks to more than " + std::to_string(caps_.ratio) + " times its own size";
    }
    return std::nullopt;
  }

 private:
  std::size_t packed_;
  ArchiveCaps caps_;
  std::size_t unpacked_ = 0;
};

/// Unpacks one layer of gzip, as a stage before the archive itself. libarchive could find the layer by itself, but
/// would look for more inside, 25 deep, and read the header of each into memory whole: a gigabyte from a hand-in of one
/// MiB.
std::variant<std::string, Refused> gunzip(const std::string& packed, const ArchiveCaps& caps) {
  const Reader reader(archive_read_new(), archive_read_free);
  archive_read_support_format_raw(reader.get());
  archive_read_append_filter(reader.get(), ARCHIVE_FILTER_GZIP);
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), packed.data(), packed.size()) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) {
    return unreadable(reader.get());
  }
  Meter meter(packed.size(), caps);
  std::string bytes;
  char buffer[1 << 16];
  for (la_ssize_t got; (got = archive_read_data(reader.get(), buffer, sizeof buffer)) != 0;) {
    if (got < 0) return unreadable(reader.get());
    if (const auto why = meter.add(static_cast<std::size_t>(got))) return Refused{*why};
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
  if (is_gzip(bytes)) return Refused{"the archive is compressed twice: pack the files once, as a .tar.gz or .zip"};
  return bytes;
}

/// One pass over a tar or a zip.
class ArchiveReader {
 public:
  /// `packed` is how large the hand-in is, which an archive from inside a gzip is not.
  ArchiveReader(const std::string& bytes, std::size_t packed, const std::set<std::string>& wanted,
                const ArchiveCaps& caps)
      : bytes_(bytes),
        wanted_(wanted),
        caps_(caps),
        meter_(packed, caps),
        reader_(archive_read_new(), archive_read_free) {}

  std::variant<Contents, Refused> read() {
    archive_read_support_format_tar(reader_.get());
    // Not the reader of zips as they come through a pipe: it would take one that is cut off before its directory.
    archive_read_support_format_zip_seekable(reader_.get());
    if (archive_read_open_memory(reader_.get(), bytes_.data(), bytes_.size()) != ARCHIVE_OK) {
      return unreadable(reader_.get());
    }
    archive_entry* entry = nullptr;
    for (;;) {
      const int result = archive_read_next_header(reader_.get(), &entry);
      if (result == ARCHIVE_EOF) break;
      // A warning is about a name that the locale cannot show, or an extension that nobody needs: the entry is whole.
      if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return unreadable(reader_.get());
      if (auto why = take(entry)) return Refused{*why};
    }
    if (entries_ == 0) return Refused{"the archive is empty"};
    return std::move(contents_);
  }

 private:
  std::optional<std::string> take(archive_entry* entry) {
    if (++entries_ > caps_.entries) return "the archive has more than " + std::to_string(caps_.entries) + " entries";
    const char* raw = archive_entry_pathname(entry);
    if (!raw) raw = archive_entry_pathname_utf8(entry);
    // No listed name needs a locale: an entry whose name cannot be shown is one to ignore.
    std::string name = raw ? raw : "unreadable name " + std::to_string(entries_);
    if (const auto why = refuse_name(name, caps_)) return "the archive holds " + *why;
    if (archive_entry_hardlink(entry))
      return "the archive holds the hard link " + display_name(name) + ": pack the file itself";
    if (archive_entry_symlink(entry) || archive_entry_filetype(entry) == AE_IFLNK) {
      return "the archive holds the symbolic link " + display_name(name) + ": pack the file itself";
    }
    if (archive_entry_is_encrypted(entry)) return "the archive is encrypted";
    if (archive_entry_filetype(entry) == AE_IFDIR || name.empty()) return std::nullopt;
    if (archive_entry_filetype(entry) != AE_IFREG)
      return "the archive holds " + display_name(name) + ", which is no regular file";
    if (!seen_.insert(without_capitals(name)).second) {
      return "the archive holds " + display_name(name) + " twice, or once more with other capital letters";
    }
    if (const auto why = refuse_method()) return "the archive holds " + display_name(name) + ", " + *why;
    contents_.names.push_back(name);
    return read_through(name, is_wanted(name, wanted_) ? &contents_.bytes[name] : nullptr);
  }

  /// A zip may name methods whose readers set gigabytes aside before the first byte. Only those that are in use pass;
  /// libarchive tells the method in the name of the format, "ZIP 2.0 (deflation)", and nowhere else.
  std::optional<std::string> refuse_method() const {
    if (archive_format(reader_.get()) != ARCHIVE_FORMAT_ZIP) return std::nullopt;
    const std::string format = archive_format_name(reader_.get());
    if (format.ends_with("(deflation)") || format.ends_with("(uncompressed)")) return std::nullopt;
    return "compressed in an unusual way: pack the files with another program";
  }

  /// Reads a file's data into `kept`, or past it. What nobody wants is read too: the size in a header may lie.
  std::optional<std::string> read_through(const std::string& name, std::string* kept) {
    char buffer[1 << 16];
    for (la_ssize_t got; (got = archive_read_data(reader_.get(), buffer, sizeof buffer)) != 0;) {
      if (got < 0) return unreadable(reader_.get()).why;
      if (kept) kept->append(buffer, static_cast<std::size_t>(got));
      if (kept && kept->size() > caps_.file_bytes) {
        return display_name(name) + " is larger than " + std::to_string(caps_.file_bytes >> 20) + " MiB";
      }
      if (auto why = meter_.add(static_cast<std::size_t>(got))) return why;
    }
    return std::nullopt;
  }

  const std::string& bytes_;
  const std::set<std::string>& wanted_;
  ArchiveCaps caps_;
  Meter meter_;
  Reader reader_;
  Contents contents_;
  std::set<std::string> seen_;
  std::size_t entries_ = 0;
};

}  // namespace

std::variant<Contents, Refused> unpack_archive(const std::string& bytes, const std::set<std::string>& wanted,
                                               const ArchiveCaps& caps) {
  if (!is_gzip(bytes)) return ArchiveReader(bytes, bytes.size(), wanted, caps).read();
  const auto inner = gunzip(bytes, caps);
  if (const auto* refused = std::get_if<Refused>(&inner)) return *refused;
  return ArchiveReader(std::get<std::string>(inner), bytes.size(), wanted, caps).read();
}

}  // namespace autograder
