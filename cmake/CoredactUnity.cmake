# SPDX-License-Identifier: GPL-3.0-or-later
# COREDACT_UNITY (presets asan, tsan, fuzz): several sources of a library are compiled as one, which takes a sanitizer
# build half of its time. The others compile file by file, which tells a file that forgets to include something.

# Joins the sources of one library that have no name in common; unitygroups.py says which.
function(coredact_join target)
    get_target_property(sources ${target} SOURCES)
    get_target_property(folder ${target} SOURCE_DIR)
    set(candidates)
    foreach(source IN LISTS sources)
        cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${folder}" NORMALIZE)
        # What the build makes, or compiles for other processors, stays alone.
        get_source_file_property(options "${source}" TARGET_DIRECTORY ${target} COMPILE_OPTIONS)
        if(source MATCHES "\\.cpp$" AND NOT options AND NOT source MATCHES "^${CMAKE_BINARY_DIR}/")
            list(APPEND candidates "${source}")
        endif()
    endforeach()
    execute_process(COMMAND "${PYTHON3}" "${CMAKE_SOURCE_DIR}/cmake/unitygroups.py" 12 ${candidates}
        OUTPUT_VARIABLE lines OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    string(REPLACE "\n" ";" lines "${lines}")
    foreach(line IN LISTS lines)
        string(REGEX MATCH "^([0-9]+) (.+)$" found "${line}")
        set_source_files_properties("${CMAKE_MATCH_2}" TARGET_DIRECTORY ${target}
            PROPERTIES UNITY_GROUP "${target}_${CMAKE_MATCH_1}")
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# coredact_unity(<folder>...): every library of these folders.
function(coredact_unity)
    if(NOT COREDACT_UNITY)
        return()
    endif()
    find_program(PYTHON3 python3)
    if(NOT PYTHON3)
        message(STATUS "There is no Python: every source is compiled alone")
        return()
    endif()
    foreach(folder IN LISTS ARGN)
        get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
        foreach(target IN LISTS targets)
            get_target_property(type ${target} TYPE)
            if(type STREQUAL "STATIC_LIBRARY")
                coredact_join(${target})
            endif()
        endforeach()
    endforeach()
endfunction()
