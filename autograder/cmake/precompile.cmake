# Precompiles the libraries' headers that an assignment's own headers include: most of what compiling a hand-in takes is
# reading them. The assignment's headers are not in it, as those are taken from the course folder.
#   cmake -DCOMPILER= -DFLAGS= -DINCLUDE_FOLDER= -DHEADER= -DFROM=file|input -DOUTPUT=
#         [-DSHAPES= -DSHAPES_FLAGS= -DNM= -DOBJCOPY=] -DSHAPES_OBJECT= -P precompile.cmake
# HEADER is where the list of includes is written, OUTPUT.d becomes the list of all headers, for make and ninja. SHAPES is
# a header that is precompiled with them, by these flags, and SHAPES_OBJECT an object with the functions that hand-ins
# then find there; without SHAPES it has none. What cannot be precompiled leaves OUTPUT empty: a hand-in is then compiled
# without.
file(GLOB_RECURSE headers ${INCLUDE_FOLDER}/*.hpp)
set(prelude "")
foreach(header IN LISTS headers)
  # Conditions too: which header there is may depend on a library's version.
  file(STRINGS ${header} directives REGEX "^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif|include[ \t]*<)")
  foreach(directive IN LISTS directives)
    string(APPEND prelude "${directive}\n")
  endforeach()
endforeach()

# Precompiles TEXT, with FLAGS and more. Sets result and errors.
macro(precompile text)
  file(WRITE ${HEADER} "${text}")
  set(command ${COMPILER} ${FLAGS} ${ARGN} -MD -MF ${OUTPUT}.d -MT ${OUTPUT} -x c++-header)
  if(FROM STREQUAL "input")
    # clang would look for the header by its path again, which a sandbox may not show.
    execute_process(COMMAND ${command} - -o ${OUTPUT} INPUT_FILE ${HEADER} RESULT_VARIABLE result ERROR_VARIABLE errors)
  else()
    # g++ takes no header from its standard input, and does not look for it again.
    execute_process(COMMAND ${command} ${HEADER} -o ${OUTPUT} RESULT_VARIABLE result ERROR_VARIABLE errors)
  endif()
endmacro()

# Makes the weak symbols of SHAPES_OBJECT strong ones: no hand-in can put another in the place of one.
function(strengthen)
  execute_process(COMMAND ${NM} --format=posix --extern-only --defined-only ${SHAPES_OBJECT}
                  OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE " [^\n]*" "" symbols "${symbols}")
  file(WRITE ${SHAPES_OBJECT}.symbols "${symbols}")
  set(list ${SHAPES_OBJECT}.symbols)
  execute_process(COMMAND ${OBJCOPY} --remove-section=.group --localize-symbols=${list} ${SHAPES_OBJECT}
                  COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${OBJCOPY} --globalize-symbols=${list} ${SHAPES_OBJECT} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(result none)
if(SHAPES)
  file(READ ${SHAPES} shapes)
  precompile("${prelude}${shapes}" ${SHAPES_FLAGS})
  if(result EQUAL 0)
    execute_process(COMMAND ${COMPILER} ${FLAGS} ${SHAPES_FLAGS} -c ${OUTPUT} -o ${SHAPES_OBJECT}
                    RESULT_VARIABLE result ERROR_VARIABLE errors)
  endif()
  if(result EQUAL 0)
    strengthen()
  endif()
  if(NOT result EQUAL 0)
    message(WARNING "The shapes in ${SHAPES} do not fit these libraries, and every hand-in takes longer:\n${errors}")
  endif()
endif()
if(NOT result EQUAL 0)
  file(WRITE ${HEADER}.cpp "")
  execute_process(COMMAND ${COMPILER} ${FLAGS} -c ${HEADER}.cpp -o ${SHAPES_OBJECT} COMMAND_ERROR_IS_FATAL ANY)
  precompile("${prelude}")
endif()
if(NOT result EQUAL 0)
  message(WARNING "The libraries' headers cannot be precompiled, and every hand-in takes longer:\n${errors}")
  file(WRITE ${OUTPUT} "")
  file(WRITE ${OUTPUT}.d "${OUTPUT}:\n")
endif()
