// Catch2 2 makes its main here; version 3 brings one.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
