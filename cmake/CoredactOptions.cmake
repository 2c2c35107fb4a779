# SPDX-License-Identifier: GPL-3.0-or-later
# What every target of the project is compiled with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

# Compiled files are shared between clones: ccache is told to see paths relative to this folder.
# Who has set a base_dir of their own keeps it.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    execute_process(COMMAND "${CCACHE}" --get-config base_dir OUTPUT_VARIABLE base_dir
        OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(base_dir)
        set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
    else()
        set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
            "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${CCACHE}")
        # So that debug information is right whichever clone compiled the file.
        add_compile_options("-fdebug-prefix-map=${CMAKE_SOURCE_DIR}=.")
    endif()
endif()

add_library(coredact_options INTERFACE)
target_include_directories(coredact_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_definitions(coredact_options INTERFACE COREDACT_VERSION="${PROJECT_VERSION}")
target_compile_options(coredact_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
    $<$<BOOL:${COREDACT_WERROR}>:-Werror>)
target_link_options(coredact_options INTERFACE -Wl,--as-needed)
if(NOT COREDACT_SANITIZE)
    target_compile_options(coredact_options INTERFACE
        -fstack-protector-strong $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
    target_link_options(coredact_options INTERFACE -Wl,-z,relro,-z,now)
else()
    add_compile_options(-fsanitize=${COREDACT_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${COREDACT_SANITIZE})
    # A span that reads past its end, but inside a larger buffer, is no wrong address.
    add_compile_definitions(_GLIBCXX_ASSERTIONS=1)
    # GCC says which sanitizer is on; clang 14 does not.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND COREDACT_SANITIZE MATCHES "address")
        add_compile_definitions(__SANITIZE_ADDRESS__=1)
    elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND COREDACT_SANITIZE MATCHES "thread")
        add_compile_definitions(__SANITIZE_THREAD__=1)
    endif()
    if(COREDACT_SANITIZE MATCHES "undefined")
        add_compile_options(-fno-sanitize-recover=undefined)
    endif()
endif()
