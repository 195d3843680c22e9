# What a worker of a student's own tests is linked from beside an assignment's parts: Catch2's runner, and the stub of any
# file of tests, with one symbol that no file has, so that all of a student's are local. Sets tests_objects, empty where there is no Catch2 or nothing to test against, and tests_stub.
set(tests_objects "")
set(tests_stub "\"object\": \"\", \"exports\": \"\"")
find_package(Catch2 QUIET)
# A student's machine has no solution.
if(NOT Catch2_FOUND OR NOT AUTOGRADER_OBJCOPY OR NOT EXISTS ${PROJECT_SOURCE_DIR}/reference)
  message(STATUS "No Catch2, objcopy or solution: the tests that students write are not run here")
  return()
endif()

get_target_property(catch_folders Catch2::Catch2 INTERFACE_INCLUDE_DIRECTORIES)
if(NOT catch_folders)
  set(catch_folders "")
endif()
list(FILTER catch_folders EXCLUDE REGEX "^\\$<INSTALL_INTERFACE")
foreach(folder IN LISTS catch_folders)
  # As for the libraries of a worker.
  if(NOT folder IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
    list(APPEND compile_flags -isystem ${folder})
  endif()
endforeach()

set(tests_library "")
get_target_property(kind Catch2::Catch2 TYPE)
if(kind STREQUAL "STATIC_LIBRARY")
  # Catch2 3: one object of all its library, to be linked into a shared object.
  set(tests_library ${CMAKE_CURRENT_BINARY_DIR}/student_tests_catch.o)
  set(library $<TARGET_FILE:Catch2::Catch2>)
  add_custom_command(
    OUTPUT ${tests_library}
    COMMAND ${CMAKE_CXX_COMPILER} -r -nostdlib -Wl,--whole-archive ${library} -Wl,--no-whole-archive -o ${tests_library}
    DEPENDS ${library}
    VERBATIM)
elseif(NOT kind STREQUAL "INTERFACE_LIBRARY")
  message(STATUS "Catch2 is a shared library here: the tests that students write are not run")
  return()
endif()

add_isolated_object(worker_student_tests worker/student_tests.cpp "${PROJECT_SOURCE_DIR};${catch_folders}" OFF)
# To objcopy an empty list of symbols would be none.
set(stub_source ${CMAKE_CURRENT_BINARY_DIR}/student_tests_stub.cpp)
file(WRITE ${stub_source}.new "extern \"C\" void autograder_stub_of_tests() {}\n")
file(COPY_FILE ${stub_source}.new ${stub_source} ONLY_IF_DIFFERENT)
add_isolated_object(worker_student_tests_stub ${stub_source} "" ON)
set(tests_objects ${worker_student_tests_object} ${tests_library})
set(tests_outputs ${tests_objects} ${worker_student_tests_stub_object})
set(tests_stub "\"object\": \"${worker_student_tests_stub_object}\", \"exports\": \"${worker_student_tests_stub_exports}\"")
