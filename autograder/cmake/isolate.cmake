# Isolates an object of ours from all that is linked beside it: OBJECT is FROM with its section groups dissolved and
# everything local but what EXPORTS lists, the symbols that the source's header declares, one a line. With WEAK these
# are weak, so that whatever a student's file defines takes their place.
#   cmake -DNM= -DOBJCOPY= -DFROM= -DOBJECT= -DEXPORTS= -DWEAK=ON|OFF -P isolate.cmake
# Where there is no objcopy OBJECT is FROM: a student's file replaces its stub only whole.
if(NOT OBJCOPY)
  file(COPY_FILE ${FROM} ${OBJECT})
  file(WRITE ${EXPORTS} "")
  return()
endif()

# Strong symbols of a source are what its header declares; inline functions and templates are weak. Virtual tables and
# type information are weak with some compilers: those of a class belong to the file that defines its member functions.
execute_process(COMMAND ${NM} --format=posix --extern-only --defined-only ${FROM}
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
set(options --remove-section=.group --keep-global-symbols=${EXPORTS})
if(WEAK)
  list(APPEND options --weaken)
endif()
execute_process(COMMAND ${OBJCOPY} ${options} ${FROM} ${OBJECT} COMMAND_ERROR_IS_FATAL ANY)
