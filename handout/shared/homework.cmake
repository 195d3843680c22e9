# What the CMakeLists.txt of a homework includes, after project() and with its sources in `sources`: the library of these,
# and the tests in tests/*_test.cpp, both called after the project.

set(CMAKE_CXX_EXTENSIONS OFF)          # standard C++20
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)  # build/compile_commands.json, for editors

find_package(xtensor REQUIRED)
find_package(xtensor-blas REQUIRED)
find_package(BLAS REQUIRED)  # some versions of xtensor-blas leave linking these two to the user
find_package(LAPACK REQUIRED)

add_library(${PROJECT_NAME} STATIC ${sources})
target_include_directories(${PROJECT_NAME} PUBLIC include)
target_compile_features(${PROJECT_NAME} PUBLIC cxx_std_20)
target_compile_definitions(${PROJECT_NAME} PUBLIC XTENSOR_ENABLE_ASSERT)  # checks indices and ranks, as the grader does
# Unused parameters are not reported: every function that is still to be written has some.
target_compile_options(${PROJECT_NAME} PUBLIC -Wall -Wextra -Wno-unused-parameter)
target_link_libraries(${PROJECT_NAME} PUBLIC xtensor xtensor-blas BLAS::BLAS LAPACK::LAPACK)

set(tests ${PROJECT_NAME}_tests)
find_package(Catch2 QUIET)
if(Catch2_FOUND)
  # A new file tests/*_test.cpp is found by the next build, without any change here.
  file(GLOB test_sources CONFIGURE_DEPENDS tests/*_test.cpp)
  add_executable(${tests} ${test_sources})
  if(TARGET Catch2::Catch2WithMain)
    target_link_libraries(${tests} PRIVATE ${PROJECT_NAME} Catch2::Catch2WithMain)
  else()  # Catch2 before 2.13.5, or built without its library
    file(WRITE ${PROJECT_BINARY_DIR}/catch_main.cpp "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n")
    target_sources(${tests} PRIVATE ${PROJECT_BINARY_DIR}/catch_main.cpp)
    target_link_libraries(${tests} PRIVATE ${PROJECT_NAME} Catch2::Catch2)
  endif()

  enable_testing()
  add_test(NAME ${tests} COMMAND ${tests})
else()
  file(REMOVE ${PROJECT_BINARY_DIR}/${tests})  # one from before must not pass for today's
  message(WARNING "Catch2 was not found: the tests in tests/ are left out. All else is built. "
                  "To get it: apt-get install catch2, brew install catch2, or conda install -c conda-forge catch2.")
endif()
