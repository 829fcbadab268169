#include "dialogue.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace peers {

void Peer::load(const std::string& /*folder*/) {}

void Peer::load_vertices(const std::string& /*folder*/) {}

void Peer::take(std::size_t /*plots*/) {}

std::vector<double> Peer::nearest() {
    throw NotOffered("no search for the nearest");
}

std::vector<double> Peer::share(double /*within_m*/) {
    throw NotOffered("no areas");
}

std::vector<double> Peer::clusters(double /*within_m*/) {
    throw NotOffered("no distances between plots");
}

std::vector<double> Peer::transform() {
    throw NotOffered("no coordinate systems");
}

namespace {

std::vector<double> run(Peer& peer, const std::string& workload, double parameter) {
    if (workload == "nearest") {
        return peer.nearest();
    }
    if (workload == "share") {
        return peer.share(parameter);
    }
    if (workload == "clusters") {
        return peer.clusters(parameter);
    }
    if (workload == "transform") {
        return peer.transform();
    }
    throw NotOffered("unknown request " + workload);
}

void write(const std::vector<double>& values, const std::string& path) {
    std::ofstream file(path, std::ios::binary);
    const std::size_t bytes = values.size() * sizeof(double);
    file.write(
        reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(bytes)
    );
    if (!file.flush()) {
        throw std::runtime_error("cannot write " + path);
    }
}

} // namespace

int serve(Peer& peer) {
    std::cout << "ready 0 " << peer.version() << std::endl;
    std::vector<double> answer;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string request;
        std::string argument;
        words >> request;
        std::getline(words >> std::ws, argument);
        try {
            if (request == "load") {
                peer.load(argument);
            } else if (request == "vertices") {
                peer.load_vertices(argument);
            } else if (request == "take") {
                peer.take(std::stoul(argument));
            } else if (request == "answer") {
                write(answer, argument);
            } else {
                answer = run(peer, request, argument.empty() ? 0.0 : std::stod(argument));
            }
            std::cout << "ok" << std::endl;
        } catch (const NotOffered& reason) {
            std::cout << "no " << reason.what() << std::endl;
        } catch (const std::exception& error) {
            std::cout << "error " << error.what() << std::endl;
        }
    }
    return 0;
}

Vertices read_vertices(const std::string& folder) {
    Vertices made;
    std::ifstream plane(folder + "/plane.txt");
    std::getline(plane, made.plane);
    const std::string path = folder + "/vertices.bin";
    made.x_then_y_m.resize(std::filesystem::file_size(path) / sizeof(double));
    std::ifstream file(path, std::ios::binary);
    const std::size_t bytes = made.x_then_y_m.size() * sizeof(double);
    char* into = reinterpret_cast<char*>(made.x_then_y_m.data());
    if (!plane || !file.read(into, static_cast<std::streamsize>(bytes))) {
        throw std::runtime_error("cannot read the vertices in " + folder);
    }
    return made;
}

} // namespace peers
