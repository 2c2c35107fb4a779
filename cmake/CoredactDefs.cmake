# SPDX-License-Identifier: GPL-3.0-or-later
# coredact_sources_of(<variable> <file.def> <MACRO>): one source file for each MACRO(name) line,
# beside the .def file. A listed file that is missing stops the configure step.
function(coredact_sources_of variable def macro)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${def}")
    get_filename_component(folder "${def}" DIRECTORY)
    file(STRINGS "${def}" lines REGEX "^${macro}\\([a-z0-9]+\\)$")
    set(sources)
    foreach(line IN LISTS lines)
        string(REGEX REPLACE "^${macro}\\(([a-z0-9]+)\\)$" "\\1" name "${line}")
        if(NOT EXISTS "${folder}/${name}.cpp")
            message(FATAL_ERROR "${def} lists ${name}, but ${folder}/${name}.cpp is missing")
        endif()
        list(APPEND sources "${folder}/${name}.cpp")
    endforeach()
    set(${variable} ${sources} PARENT_SCOPE)
endfunction()
