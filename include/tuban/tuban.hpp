#pragma once
/// All of tuban. Where GDAL is not wanted include what stands left of io.hpp and link tuban::tuban alone.
#include <tuban/core.hpp>
#include <tuban/error.hpp>
#include <tuban/geodesy.hpp>
#include <tuban/indicators.hpp>
#include <tuban/io.hpp>
#include <tuban/ranking.hpp>
#include <tuban/report.hpp>
#include <tuban/run.hpp>
#include <tuban/schedule.hpp>
#include <tuban/spatial.hpp>
#include <tuban/table.hpp>
#include <tuban/terrain.hpp>
#include <tuban/version.hpp>
#include <tuban/workspace.hpp>
