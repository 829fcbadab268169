# tuban_embed(TARGET NAME file …): compiles files into a room as `extern const std::string_view NAME_<file>` in namespace
# tuban::embedded, declared in the generated header "<room>/embedded_NAME.hpp". Bytes are taken as they are.
set(TUBAN_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/EmbedFile.cmake")

function(tuban_embed target room name)
  set(header "${PROJECT_BINARY_DIR}/include/${room}/embedded_${name}.hpp")
  set(declarations "")
  foreach(path IN LISTS ARGN)
    get_filename_component(path "${path}" ABSOLUTE)
    get_filename_component(base "${path}" NAME)
    string(MAKE_C_IDENTIFIER "${base}" symbol)
    string(TOLOWER "${symbol}" symbol)
    set(source "${PROJECT_BINARY_DIR}/embedded/${room}_${name}_${symbol}.cpp")
    add_custom_command(OUTPUT "${source}"
      COMMAND "${CMAKE_COMMAND}" -D "INPUT=${path}" -D "OUTPUT=${source}" -D "SYMBOL=${symbol}"
              -P "${TUBAN_EMBED_SCRIPT}"
      DEPENDS "${path}" "${TUBAN_EMBED_SCRIPT}" VERBATIM)
    target_sources(${target} PRIVATE "${source}")
    string(APPEND declarations "extern const std::string_view ${symbol}; // ${base}\n")
  endforeach()
  file(CONFIGURE OUTPUT "${header}" CONTENT
"#pragma once
#include <string_view>

namespace tuban::embedded {
${declarations}
} // namespace tuban::embedded
")
endfunction()
