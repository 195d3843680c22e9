# Precompiles the libraries' headers that an assignment's own headers include: most of what compiling a hand-in takes is
# reading them. The assignment's headers are not in it, as those are taken from the course folder.
#   cmake -DCOMPILER= -DFLAGS= -DINCLUDE_FOLDER= -DHEADER= -DFROM=file|input -DOUTPUT= -P precompile.cmake
# HEADER is where the list of includes is written, OUTPUT.d becomes the list of all headers, for make and ninja. What
# cannot be precompiled leaves OUTPUT empty: a hand-in is then compiled without.
file(GLOB_RECURSE headers ${INCLUDE_FOLDER}/*.hpp)
set(prelude "")
foreach(header IN LISTS headers)
  # Conditions too: which header there is may depend on a library's version.
  file(STRINGS ${header} directives REGEX "^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif|include[ \t]*<)")
  foreach(directive IN LISTS directives)
    string(APPEND prelude "${directive}\n")
  endforeach()
endforeach()
file(WRITE ${HEADER} "${prelude}")
set(command ${COMPILER} ${FLAGS} -MD -MF ${OUTPUT}.d -MT ${OUTPUT} -x c++-header)
if(FROM STREQUAL "input")
  # clang would look for the header by its path again, which a sandbox may not show.
  execute_process(COMMAND ${command} - -o ${OUTPUT} INPUT_FILE ${HEADER} RESULT_VARIABLE result ERROR_VARIABLE errors)
else()
  # g++ takes no header from its standard input, and does not look for it again.
  execute_process(COMMAND ${command} ${HEADER} -o ${OUTPUT} RESULT_VARIABLE result ERROR_VARIABLE errors)
endif()
if(NOT result EQUAL 0)
  message(WARNING "The libraries' headers cannot be precompiled, and every hand-in takes longer:\n${errors}")
  file(WRITE ${OUTPUT} "")
  file(WRITE ${OUTPUT}.d "${OUTPUT}:\n")
endif()
