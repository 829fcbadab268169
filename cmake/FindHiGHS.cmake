# HiGHS as one imported target, HiGHS::HiGHS. Looks for a package of its own first (Debian 13, vcpkg), then for the
# folder that the PyPI package highsbox carries (Debian 12; scripts/install puts it into .venv): its own CMake files
# point at places that are not there.
find_package(highs CONFIG QUIET)
if(TARGET highs::highs)
  if(NOT TARGET HiGHS::HiGHS)
    add_library(HiGHS::HiGHS INTERFACE IMPORTED)
    target_link_libraries(HiGHS::HiGHS INTERFACE highs::highs)
  endif()
  set(HiGHS_FOUND TRUE)
  return()
endif()

file(GLOB highsbox_hints "${CMAKE_CURRENT_LIST_DIR}/../.venv/lib/python3*/site-packages/highsbox/highs_dist"
  "${CMAKE_CURRENT_LIST_DIR}/../.venv/lib/python3*/site-packages/highsbox*")
find_path(HiGHS_INCLUDE_DIR interfaces/highs_c_api.h
  HINTS ${HiGHS_ROOT} ${highsbox_hints} PATH_SUFFIXES highs include/highs)
find_library(HiGHS_LIBRARY highs HINTS ${HiGHS_ROOT} ${highsbox_hints} PATH_SUFFIXES lib lib64)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(HiGHS REQUIRED_VARS HiGHS_LIBRARY HiGHS_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run scripts/install build, or set HiGHS_ROOT")
if(HiGHS_FOUND AND NOT TARGET HiGHS::HiGHS)
  add_library(HiGHS::HiGHS SHARED IMPORTED)
  set_target_properties(HiGHS::HiGHS PROPERTIES
    IMPORTED_LOCATION "${HiGHS_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${HiGHS_INCLUDE_DIR}")
endif()
mark_as_advanced(HiGHS_INCLUDE_DIR HiGHS_LIBRARY)
