# Makes the stub of one source: OBJECT is STUB with all its functions weak, so that whatever a student's file defines
# takes their place; EXPORTS lists the symbols that the source's header declares, one a line.
# Where there is no objcopy the stub stays strong, and a student's file replaces it only whole.
if(NOT OBJCOPY)
  file(COPY_FILE ${STUB} ${OBJECT})
  file(WRITE ${EXPORTS} "")
  return()
endif()

# Strong symbols of the handout's own source are what its header declares; inline functions and templates are weak.
# Virtual tables and type information are weak with some compilers: those of a class belong to the file that defines its
# member functions.
execute_process(COMMAND ${NM} --format=posix --extern-only --defined-only ${STUB}
                OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" lines "${symbols}")
set(exports "")
foreach(line IN LISTS lines)
  if(line MATCHES "^([^ ]+) [TDBRS]( |$)")
    string(APPEND exports "${CMAKE_MATCH_1}\n")
  endif()
endforeach()
foreach(line IN LISTS lines)
  if(NOT line MATCHES "^(_ZT[VIS]N(.*)E) [VW]( |$)")
    continue()
  endif()
  set(symbol ${CMAKE_MATCH_1})
  if(exports MATCHES "_ZNK?${CMAKE_MATCH_2}")
    string(APPEND exports "${symbol}\n")
  endif()
endforeach()
file(WRITE ${EXPORTS} "${exports}")
execute_process(COMMAND ${OBJCOPY} --weaken ${STUB} ${OBJECT} COMMAND_ERROR_IS_FATAL ANY)
