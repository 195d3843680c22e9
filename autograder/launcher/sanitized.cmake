# Builds the launcher that explains crashes: the launcher's own sources, not instrumented, linked with a sanitizer's
# runtime.
#   cmake -DCOMPILER= -DSOURCES= -DINCLUDE_FOLDER= -DRUNTIME= -DLIBRARIES= -DOUTPUT= -P sanitized.cmake
# Where the compiler has no such runtime, OUTPUT is empty: then nothing is explained.
get_filename_component(folder ${OUTPUT} DIRECTORY)
file(MAKE_DIRECTORY ${folder})
set(objects "")
set(result 0)
foreach(source IN LISTS SOURCES)
  get_filename_component(name ${source} NAME)
  set(object ${OUTPUT}.${name}.o)
  list(APPEND objects ${object})
  if(result EQUAL 0)
    execute_process(COMMAND ${COMPILER} -std=c++20 -O1 -DLAUNCHER_SANITIZED -I ${INCLUDE_FOLDER} -c ${source} -o ${object}
                    RESULT_VARIABLE result ERROR_VARIABLE errors)
  endif()
endforeach()
if(result EQUAL 0)
  execute_process(COMMAND ${COMPILER} ${RUNTIME} ${objects} ${LIBRARIES} -o ${OUTPUT}
                  RESULT_VARIABLE result ERROR_VARIABLE errors)
endif()
file(REMOVE ${objects})
if(NOT result EQUAL 0)
  message(WARNING "Crashes will not be explained: ${COMPILER} has no ${RUNTIME} here:\n${errors}")
  file(WRITE ${OUTPUT} "")
endif()
