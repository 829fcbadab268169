// Runs a project through the installed library and prints how many plots the plan has.
#include <tuban/tuban.hpp>

#include <iostream>
#include <set>

int main(int argc, char* argv[]) {
    if (argc != 3) {
        return 2;
    }
    try {
        tuban::RunOptions options;
        options.out = argv[2];
        const tuban::RunResult run = tuban::run_project(argv[1], options);
        std::set<std::size_t> rows;
        for (const tuban::Assignment& part : run.result.plan->assignments) {
            rows.insert(part.row);
        }
        std::cout << tuban::name_of(run.result.plan->status) << ' ' << rows.size() << '\n';
    } catch (const tuban::Error& error) {
        std::cerr << error.what() << '\n';
        return static_cast<int>(error.code());
    }
    return 0;
}
