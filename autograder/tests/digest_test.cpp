// SHA-256, against the examples of FIPS 180-2 and the well-known digest of nothing.
#include "autograder/digest.hpp"

#include "autograder/tests/catch.hpp"

using autograder::sha256;

TEST_CASE("digest: sha256 gives the digests of the standard's examples") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("digest: sha256 of nothing is the digest of no bytes") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("digest: the same, piece by piece") {
  autograder::Digest digest(3);
  for (const char* piece : {"a", "", "bc"}) digest.add(piece);
  CHECK(digest.finish() == sha256("abc"));
}

TEST_CASE("digest: every byte counts, zeros and line breaks too") {
  using namespace std::string_view_literals;
  CHECK(sha256("a\0b"sv) != sha256("a\0c"sv));
  CHECK(sha256("a"sv) != sha256("a\0"sv));
  CHECK(sha256("a\n"sv) != sha256("a\r\n"sv));
}
