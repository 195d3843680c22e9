// See digest.hpp. libarchive computes digests when it writes an mtree manifest, so a manifest of one file is written.
#include "autograder/digest.hpp"

#include <archive.h>
#include <archive_entry.h>

#include "autograder/grader_error.hpp"

namespace autograder {

namespace {

la_ssize_t append(archive*, void* manifest, const void* data, size_t size) {
  static_cast<std::string*>(manifest)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

void require(archive* writer, int result) {
  if (result < ARCHIVE_WARN) throw GraderError(std::string("computing a digest: ") + archive_error_string(writer));
}

}  // namespace

Digest::Digest(std::size_t size) : writer_(archive_write_new(), archive_write_free) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
  require(writer_.get(), archive_write_set_format_mtree(writer_.get()));
  require(writer_.get(), archive_write_set_options(writer_.get(), "mtree:!all,mtree:sha256"));
  require(writer_.get(), archive_write_open(writer_.get(), &manifest_, nullptr, append, nullptr));
  archive_entry_set_pathname(entry.get(), "bytes");
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  require(writer_.get(), archive_write_header(writer_.get(), entry.get()));
}

void Digest::add(std::string_view bytes) {
  if (archive_write_data(writer_.get(), bytes.data(), bytes.size()) < 0) require(writer_.get(), ARCHIVE_FATAL);
}

std::string Digest::finish() {
  require(writer_.get(), archive_write_close(writer_.get()));
  const std::string key = "sha256digest=";
  const auto start = manifest_.find(key);
  return start == std::string::npos ? "" : manifest_.substr(start + key.size(), 64);
}

std::string sha256(std::string_view bytes) {
  Digest digest(bytes.size());
  digest.add(bytes);
  return digest.finish();
}

}  // namespace autograder
