# For each folder of fixtures/ with an assignment.json: the worker's objects from worker/<id>.cpp, a weak stub of each
# source from handout/<id>/, precompiled headers, and an entry in toolchain.json. A new assignment needs no change here.

set(AUTOGRADER_TOOLCHAIN_FILE ${PROJECT_BINARY_DIR}/toolchain.json)

# Compilers, in the order in which a hand-in's files are tried: clang++ compiles them faster, g++ stands in.
find_program(AUTOGRADER_CLANGXX NAMES clang++ clang++-19 clang++-18 clang++-17 clang++-16 clang++-15 clang++-14)
find_program(AUTOGRADER_GXX NAMES g++)
find_program(AUTOGRADER_LLD NAMES ld.lld)
find_program(AUTOGRADER_OBJCOPY NAMES objcopy)
find_program(AUTOGRADER_NM NAMES nm)
find_program(AUTOGRADER_ADDR2LINE NAMES addr2line)
if(NOT AUTOGRADER_ADDR2LINE)
  set(AUTOGRADER_ADDR2LINE "")
endif()
if(NOT AUTOGRADER_OBJCOPY OR NOT AUTOGRADER_NM)
  message(STATUS "No GNU binutils: the files of a hand-in are not isolated from each other here")
  set(AUTOGRADER_OBJCOPY "")
endif()

set(compilers "")
foreach(path IN ITEMS ${AUTOGRADER_CLANGXX} ${AUTOGRADER_GXX} ${CMAKE_CXX_COMPILER})
  if(NOT path)
    continue()
  endif()
  execute_process(COMMAND ${path} --version OUTPUT_VARIABLE version ERROR_QUIET)
  string(REGEX MATCH "^[^\n]*" version "${version}")
  if(version MATCHES "clang")
    set(id clang)
    set(flags -ferror-limit=20)
    set(precompile_flags -Xclang -fno-pch-timestamp -fpch-instantiate-templates)
    # What the shapes instantiate is compiled once, into an object that is linked with every worker.
    set(shapes_flags -fpch-codegen)
    set(precompile_from input)
    set(precompiled_extension .pch)
    set(use_precompiled "\"option\": \"-include-pch\", \"name\": \"prelude.hpp.pch\"")
  else()
    set(id gcc)
    # A unique symbol would be shared between files that are to be isolated.
    set(flags -fno-gnu-unique -fmax-errors=20)
    set(precompile_flags "")
    set(shapes_flags "")
    set(precompile_from file)
    set(precompiled_extension .gch)
    # g++ finds the file beside the header that it stands for, which need not be there.
    set(use_precompiled "\"option\": \"-include\", \"name\": \"prelude.hpp\"")
  endif()
  if(id IN_LIST compiler_ids)
    continue()  # the same one under another name
  endif()
  list(APPEND compiler_ids ${id})
  if(NOT DEFINED precompiler)
    # Explanations (explain.hpp). Not vptr and function, which need type information of functions that are isolated, nor
    # checks of global variables, whose registration is.
    set(sanitizer_runtime -fsanitize=address,undefined)
    if(id STREQUAL "clang")
      set(sanitizer_flags -fno-sanitize=vptr,function -mllvm -asan-globals=0)
    else()
      set(sanitizer_flags -fno-sanitize=vptr --param asan-globals=0)
    endif()
    list(PREPEND sanitizer_flags ${sanitizer_runtime})
    # The library's own checks as well: an element of an empty std::vector.
    list(APPEND sanitizer_flags -gline-tables-only -D_GLIBCXX_ASSERTIONS)
    if(id STREQUAL "gcc")
      list(TRANSFORM sanitizer_flags REPLACE "^-gline-tables-only$" "-g1")
    endif()
    set(precompiler ${path})
    set(precompiler_flags ${flags} ${precompile_flags})
    set(shapes "")
    if(shapes_flags AND AUTOGRADER_OBJCOPY)
      set(shapes ${CMAKE_CURRENT_SOURCE_DIR}/worker/shapes.hpp)
    endif()
    set(precompiler_shapes_flags ${shapes_flags})
    set(precompiled prelude.hpp${precompiled_extension})
    set(precompiled_use "${use_precompiled}")
    set(precompiled_from ${precompile_from})
  endif()
  list(JOIN flags "\", \"" flags)
  set(flags "\"${flags}\"")
  string(REPLACE "\"" "" version "${version}")
  string(APPEND compilers "    {\"path\": \"${path}\", \"description\": \"${version}\", \"flags\": [${flags}]},\n")
endforeach()
string(REGEX REPLACE ",\n$" "" compilers "${compilers}")

# What every file of a hand-in, every stub and the worker itself are compiled with. -O0: a homework's matrices are
# small, and compiling is what grading costs.
set(worker_flags -std=c++20 -O0 -fPIC -DXTENSOR_ENABLE_ASSERT)

# A worker is linked by the first compiler that a hand-in is built with.
add_library(worker_libraries INTERFACE)
target_link_libraries(worker_libraries INTERFACE xtensor-blas LAPACK::LAPACK BLAS::BLAS)

# Adds ${name}.o, compiled from a source of ours and isolated, and ${name}.exports with what its header declares; WEAK:
# as a stub. Sets ${name}_object and ${name}_exports to their paths.
function(add_isolated_object name source include_folders weak)
  add_library(${name} OBJECT ${source})
  # A unique symbol would be shared between files that are to be isolated.
  target_compile_options(${name} PRIVATE ${worker_flags} $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_include_directories(${name} PRIVATE ${include_folders})
  target_link_libraries(${name} PRIVATE worker_libraries nlohmann_json::nlohmann_json)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.o)
  set(exports ${CMAKE_CURRENT_BINARY_DIR}/${name}.exports)
  add_custom_command(
    OUTPUT ${object} ${exports}
    COMMAND ${CMAKE_COMMAND} -DNM=${AUTOGRADER_NM} -DOBJCOPY=${AUTOGRADER_OBJCOPY} -DFROM=$<TARGET_OBJECTS:${name}>
            -DOBJECT=${object} -DEXPORTS=${exports} -DWEAK=${weak} -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/isolate.cmake
    DEPENDS ${name} $<TARGET_OBJECTS:${name}> ${CMAKE_CURRENT_SOURCE_DIR}/cmake/isolate.cmake
    VERBATIM)
  set(${name}_object ${object} PARENT_SCOPE)
  set(${name}_exports ${exports} PARENT_SCOPE)
endfunction()

# Include folders of xtensor-blas and what it needs, as flags. Folders that compilers search anyway are
# left out: naming them again breaks #include_next.
set(include_flags "")
foreach(library IN ITEMS xtl xsimd xtensor xtensor-blas)
  if(NOT TARGET ${library})
    continue()
  endif()
  get_target_property(folders ${library} INTERFACE_INCLUDE_DIRECTORIES)
  foreach(folder IN LISTS folders)
    string(REGEX REPLACE "^\\$<(BUILD|INSTALL)_INTERFACE:(.*)>$" "\\2" folder "${folder}")
    if(folder AND NOT folder IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES AND NOT folder IN_LIST include_flags)
      list(APPEND include_flags -isystem ${folder})
    endif()
  endforeach()
endforeach()
set(compile_flags ${worker_flags} -Wall -Wextra ${include_flags})

include(cmake/student_tests.cmake)

set(worker_entries "")
set(worker_outputs ${tests_outputs})
file(GLOB assignment_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fixtures/*/assignment.json)
foreach(assignment_file IN LISTS assignment_files)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${assignment_file})
  get_filename_component(folder ${assignment_file} DIRECTORY)
  get_filename_component(assignment ${folder} NAME)
  set(include_folder ${PROJECT_SOURCE_DIR}/handout/${assignment}/include)

  set(worker_objects "")
  foreach(part IN ITEMS worker ${assignment})
    set(object worker_${assignment}_${part})
    add_isolated_object(${object} worker/${part}.cpp "${PROJECT_SOURCE_DIR};${include_folder}" OFF)
    list(APPEND worker_objects ${${object}_object})
  endforeach()

  # The places of the sources: every key of `files` that ends in .cpp, or what its `place` says.
  file(READ ${assignment_file} text)
  string(JSON count LENGTH "${text}" files)
  math(EXPR last "${count} - 1")
  set(stub_entries "")
  foreach(index RANGE ${last})
    string(JSON place MEMBER "${text}" files ${index})
    string(JSON other ERROR_VARIABLE none GET "${text}" files "${place}" place)
    if(NOT none)
      set(place ${other})
    endif()
    if(NOT place MATCHES "\\.cpp$")
      continue()
    endif()
    string(MAKE_C_IDENTIFIER "stub_${assignment}_${place}" stub)
    add_isolated_object(${stub} ${PROJECT_SOURCE_DIR}/handout/${assignment}/${place} ${include_folder} ON)
    list(APPEND worker_outputs ${${stub}_object})
    string(APPEND stub_entries
      "        \"${place}\": {\"object\": \"${${stub}_object}\", \"exports\": \"${${stub}_exports}\"},\n")
  endforeach()
  string(REGEX REPLACE ",\n$" "" stub_entries "${stub_entries}")

  set(precompiled_folder ${CMAKE_CURRENT_BINARY_DIR}/precompiled/${assignment})
  set(precompiled_file ${precompiled_folder}/${precompiled})
  set(shapes_object ${precompiled_folder}/shapes.o)
  file(MAKE_DIRECTORY ${precompiled_folder})
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${include_folder}/*.hpp)
  add_custom_command(
    OUTPUT ${precompiled_file} ${shapes_object}
    COMMAND ${CMAKE_COMMAND} -DCOMPILER=${precompiler} "-DFLAGS=${precompiler_flags};${compile_flags}"
            -DINCLUDE_FOLDER=${include_folder} -DHEADER=${precompiled_folder}/prelude.hpp -DFROM=${precompiled_from}
            -DOUTPUT=${precompiled_file} -DSHAPES=${shapes} "-DSHAPES_FLAGS=${precompiler_shapes_flags}"
            -DSHAPES_OBJECT=${shapes_object} -DNM=${AUTOGRADER_NM} -DOBJCOPY=${AUTOGRADER_OBJCOPY}
            -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/precompile.cmake
    DEPENDS ${headers} ${shapes} ${CMAKE_CURRENT_SOURCE_DIR}/cmake/precompile.cmake
    DEPFILE ${precompiled_file}.d
    VERBATIM)
  list(APPEND worker_objects ${shapes_object})
  list(APPEND worker_outputs ${worker_objects} ${precompiled_file})
  list(JOIN worker_objects "\", \"" worker_objects)
  # Of the worker of a student's tests, and of what it tests.
  set(tests_entry "")
  if(tests_objects)
    list(JOIN tests_objects "\", \"" objects)
    set(tests_entry "\"${worker_${assignment}_worker_object}\", \"${objects}\", \"${shapes_object}\"")
  endif()
  string(APPEND worker_entries "    \"${assignment}\": {\n      \"objects\": [\"${worker_objects}\"],\n"
    "      \"tests\": {\"objects\": [${tests_entry}], \"library\": [\"${shapes_object}\"], ${tests_stub}},\n"
    "      \"precompiled\": {\"file\": \"${precompiled_file}\", ${precompiled_use}},\n"
    "      \"stubs\": {\n${stub_entries}\n      }\n    },\n")
endforeach()
string(REGEX REPLACE ",\n$" "" worker_entries "${worker_entries}")
add_custom_target(workers ALL DEPENDS ${worker_outputs})

# Libraries, as flags.
set(library_flags ${BLAS_LIBRARIES} ${LAPACK_LIBRARIES})
list(REMOVE_DUPLICATES library_flags)
list(FILTER library_flags EXCLUDE REGEX "^$")
foreach(library IN LISTS library_flags)
  get_filename_component(folder "${library}" DIRECTORY)
  if(folder AND NOT folder IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
    list(APPEND library_flags "-Wl,-rpath,${folder}")
  endif()
endforeach()

# A worker is a shared object, which the launcher loads after it has given up its rights. All its symbols must be found,
# and at once.
set(link_flags -shared)
if(NOT APPLE)
  list(APPEND link_flags -Wl,-z,defs -Wl,-z,now -Wl,-z,noexecstack -Wl,-Bsymbolic)
endif()
if(AUTOGRADER_LLD AND "clang" IN_LIST compiler_ids)
  # An object may name libraries to link with, and lld would open whatever file that is.
  list(APPEND link_flags -fuse-ld=lld -Wl,--no-dependent-libraries)
endif()
list(APPEND link_flags ${library_flags})
list(JOIN compile_flags "\", \"" compile_flags)
list(JOIN link_flags "\", \"" link_flags)
list(JOIN sanitizer_flags "\", \"" sanitizer_flags)
set(AUTOGRADER_SANITIZED_LAUNCHER "")
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND AUTOGRADER_OBJCOPY)
  set(AUTOGRADER_SANITIZED_LAUNCHER ${PROJECT_BINARY_DIR}/bin/launcher_sanitized)
endif()
file(GENERATE OUTPUT ${AUTOGRADER_TOOLCHAIN_FILE} CONTENT "{
  \"compilers\": [
${compilers}
  ],
  \"compile_flags\": [\"${compile_flags}\"],
  \"link_flags\": [\"${link_flags}\"],
  \"objcopy\": \"${AUTOGRADER_OBJCOPY}\",
  \"sanitizers\": {\"launcher\": \"${AUTOGRADER_SANITIZED_LAUNCHER}\", \"compile_flags\": [\"${sanitizer_flags}\"],
                 \"addr2line\": \"${AUTOGRADER_ADDR2LINE}\"},
  \"workers\": {
${worker_entries}
  }
}
")
