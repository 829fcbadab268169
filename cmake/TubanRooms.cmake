# Rooms are object libraries; two shared libraries are made of them. Tests link the object libraries, so that they see
# what the libraries hide.
include(GenerateExportHeader)

set(TUBAN_ROOMS_LEFT "" CACHE INTERNAL "rooms defined so far")
set(TUBAN_CORE_ROOMS core geodesy spatial terrain indicators ranking schedule bindings_c)
set(TUBAN_IO_ROOMS io workspace report run bindings_c_io)

add_library(tuban_options INTERFACE)
target_compile_options(tuban_options INTERFACE
  -Wall -Wextra -Wpedantic
  $<$<COMPILE_LANGUAGE:CXX>:-Wconversion;-Wsign-conversion;-Wshadow;-Wdouble-promotion;-Wold-style-cast;-Woverloaded-virtual>
  # A fused multiply-add changes predicates and sums, and with them bytes.
  -ffp-contract=off
  $<$<BOOL:${TUBAN_WERROR}>:-Werror>)
# g++ 12 sees copies of 2^63 bytes that overlap inside libstdc++'s own std::string, once -O3 inlines it ("a" + text). There
# is nothing of ours to mend, and the other builds, which stop at warnings, keep the check.
target_compile_options(tuban_options INTERFACE
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>,$<CONFIG:Release>>:-Wno-restrict>)
if(CMAKE_CXX_FLAGS_DEBUG MATCHES "sanitize")
  set(TUBAN_SANITIZED ON)
  # g++ 12 raises it inside libstdc++'s <functional> and <regex> once sanitizers are on.
  target_compile_options(tuban_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
target_include_directories(tuban_options INTERFACE
  "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src" "${PROJECT_BINARY_DIR}/include")

# tuban_room(core SOURCES a.cpp b.cpp LINK fmt::fmt)
function(tuban_room room)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;INCLUDE" ${ARGN})
  set(target tuban_room_${room})
  add_library(${target} OBJECT ${arg_SOURCES})
  target_link_libraries(${target} PUBLIC ${arg_LINK} PRIVATE $<BUILD_INTERFACE:tuban_options>)
  target_include_directories(${target} SYSTEM PRIVATE ${arg_INCLUDE})
  target_compile_definitions(${target} PRIVATE tuban_EXPORTS)
  foreach(left IN LISTS TUBAN_ROOMS_LEFT)
    # Usage requirements only: the objects are gathered once, in tuban_libraries() and in each test.
    target_include_directories(${target} SYSTEM PRIVATE
      $<TARGET_PROPERTY:tuban_room_${left},INTERFACE_INCLUDE_DIRECTORIES>)
  endforeach()
  set(TUBAN_ROOMS_LEFT ${TUBAN_ROOMS_LEFT} ${room} CACHE INTERNAL "rooms defined so far")
endfunction()

# The objects of all rooms up to and including the last one named, and what they link.
function(tuban_link_rooms target)
  foreach(room IN LISTS ARGN)
    if(TARGET tuban_room_${room})
      target_link_libraries(${target} PRIVATE tuban_room_${room})
    endif()
  endforeach()
endfunction()

function(tuban_libraries)
  foreach(library IN ITEMS tuban tuban_io)
    if(library STREQUAL "tuban_io" AND NOT TUBAN_IO)
      continue()
    endif()
    add_library(${library} SHARED)
    if(library STREQUAL "tuban")
      tuban_link_rooms(${library} ${TUBAN_CORE_ROOMS})
      set_target_properties(${library} PROPERTIES EXPORT_NAME tuban)
      add_library(tuban::tuban ALIAS tuban)
    else()
      tuban_link_rooms(${library} ${TUBAN_IO_ROOMS})
      target_link_libraries(${library} PUBLIC tuban PRIVATE fmt::fmt)
      set_target_properties(${library} PROPERTIES EXPORT_NAME io)
      add_library(tuban::io ALIAS tuban_io)
    endif()
    target_include_directories(${library} PUBLIC
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
      $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_compile_features(${library} PUBLIC cxx_std_20)
    set_target_properties(${library} PROPERTIES
      VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} LINKER_LANGUAGE CXX)
    # clang's sanitizers leave their functions to the program that loads the library.
    target_link_options(${library} PRIVATE -Wl,--as-needed
      $<$<NOT:$<BOOL:${TUBAN_SANITIZED}>>:-Wl,--no-undefined>)
  endforeach()
endfunction()

# One macro for both libraries: default visibility where the compiler knows it.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/include/tuban/export.hpp" CONTENT
"#pragma once
/// Generated. Marks what the shared libraries show.
#if defined(_WIN32)
#if defined(tuban_EXPORTS)
#define TUBAN_EXPORT __declspec(dllexport)
#else
#define TUBAN_EXPORT __declspec(dllimport)
#endif
#else
#define TUBAN_EXPORT __attribute__((visibility(\"default\")))
#endif
#define TUBAN_VERSION \"${PROJECT_VERSION}\"
")

