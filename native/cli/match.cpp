// `rekey match LEFT.csv RIGHT.csv`: which records of two files are probably the same, offline.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <unordered_map>

#include "core/mapping/match.hpp"
#include "core/mapping/said.hpp"
#include "core/text/catalogue.hpp"
#include "native/cli/command.hpp"
#include "native/cli/match_report.hpp"
#include "native/cli/parse.hpp"

namespace rekey::cli {

namespace {

struct Request {
  std::string left, right, out, truth;
  double threshold = 0.3;
};

Result<text::Table> table_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Code::bad_input, "It cannot be read. Check the path.");
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return text::read_table(text::to_utf8(bytes));
}

/// The table, after a complaint where there is none.
std::optional<text::Table> told_table(const std::string& path) {
  auto table = table_in(path);
  if (table) return std::move(*table);
  std::fprintf(stderr, "rekey match: %s: %s\n", path.c_str(), table.error().hint.c_str());
  return {};
}

std::optional<std::vector<mapping::Record>> told_records(const std::string& path) {
  const auto table = told_table(path);
  if (!table) return {};
  auto taken = records_in_table(*table);
  if (!taken.compares) {
    std::fprintf(
        stderr,
        "rekey match: %s: None of its columns is known. The first row must name them, such "
        "as id, name, email, phone, street, city and postcode.\n",
        path.c_str());
    return {};
  }
  if (!taken.twice.empty())
    std::fprintf(stderr, "rekey match: %s: more than one record has the id %s\n", path.c_str(),
                 taken.twice.c_str());
  std::string unused;
  for (const auto& each : taken.unused) unused += (unused.empty() ? "" : ", ") + each;
  if (!unused.empty())
    std::fprintf(stderr, "rekey match: %s: these columns are not compared: %s\n", path.c_str(),
                 unused.c_str());
  return std::move(taken.records);
}

using Names = std::unordered_map<std::string_view, std::string_view>;
Names names_of_records(const std::vector<mapping::Record>& records) {
  Names out;
  for (const auto& each : records) out.emplace(each.id, each.name);
  return out;
}

void print_pairs(const std::vector<mapping::Suggestion>& suggestions, const Names& left,
                 const Names& right, const text::Catalogue& english) {
  for (const auto& each : suggestions) {
    const auto name = [](const Names& names, const std::string& id) {
      const auto known = names.find(id);
      return known == names.end() ? std::string() : std::string(known->second);
    };
    std::printf("%.4f %s  %s  %s  =  %s  %s  (%s)\n", each.confidence, each.apply ? "*" : " ",
                each.ours.c_str(), name(left, each.ours).c_str(), each.theirs.c_str(),
                name(right, each.theirs).c_str(), mapping::said(each.reasons, english).c_str());
  }
}

bool write_pairs(const std::string& path, const std::vector<mapping::Suggestion>& suggestions,
                 const text::Catalogue& english) {
  std::ofstream file(path, std::ios::binary);
  file << "left,right,confidence,applied,reason\n";
  for (const auto& each : suggestions) {
    std::array<char, 16> confidence{};
    std::snprintf(confidence.data(), confidence.size(), "%.4f", each.confidence);
    file << text::cell(each.ours) << ',' << text::cell(each.theirs) << ',' << confidence.data()
         << ',' << (each.apply ? "true" : "false") << ','
         << text::cell(mapping::said(each.reasons, english)) << '\n';
  }
  file.close();
  return !file.fail();
}

/// The true pairs, after a complaint where there are none.
std::optional<Pairs> told_truth(const std::string& path) {
  const auto table = told_table(path);
  if (!table) return {};
  if (table->header.size() < 2) {
    std::fprintf(stderr, "rekey match: %s: It needs the columns left and right.\n", path.c_str());
    return {};
  }
  return pairs_of(*table);
}

int match(const Request& request) {
  const auto left = told_records(request.left), right = told_records(request.right);
  if (!left || !right) return 1;
  std::optional<Pairs> truth;
  if (!request.truth.empty() && !(truth = told_truth(request.truth))) return 1;
  auto suggestions = mapping::suggest(*left, *right);
  std::erase_if(suggestions, [&](const auto& each) { return each.confidence < request.threshold; });
  const auto english = text::Catalogue::english();
  if (!request.out.empty() && !write_pairs(request.out, suggestions, english)) {
    std::fprintf(stderr,
                 "rekey match: %s cannot be written, so the suggestions are not kept. Check "
                 "the path and the space left.\n",
                 request.out.c_str());
    return 1;
  }
  if (truth) {
    std::fputs(report(suggestions, *truth).c_str(), stdout);
  } else if (request.out.empty()) {
    print_pairs(suggestions, names_of_records(*left), names_of_records(*right), english);
  }
  const auto applied = std::count_if(suggestions.begin(), suggestions.end(),
                                     [](const auto& each) { return each.apply; });
  std::printf("%s%zu and %zu records: %zu suggestions, %zu of them sure enough for one click.\n",
              truth || request.out.empty() ? "\n" : "", left->size(), right->size(),
              suggestions.size(), static_cast<std::size_t>(applied));
  return 0;
}

}  // namespace

int run_match(int argc, char** argv) {
  CLI::App command(
      "Says which records of two CSV files are probably the same, offline, as the page would "
      "suggest. Columns go by their header: id, name, given_name, family_name, company, parent, "
      "email, phone, street, city, postcode, country, tax_number, number, website and their usual "
      "spellings, all optional. A star marks what one click would apply.",
      "rekey match");
  Request request;
  command.add_option("left", request.left, "The first file, as of the host")->required();
  command.add_option("right", request.right, "The second file, as of the accounting system")
      ->required();
  command.add_option("--out", request.out,
                     "Write the suggestions here: left,right,confidence,applied,reason");
  command.add_option("--truth", request.truth,
                     "The true pairs (left,right): print how right the suggestions are");
  command
      .add_option("--threshold", request.threshold, "Leave out what is less sure than this (0.3)")
      ->check(CLI::Range(0.0, 1.0));
  if (const auto ended = parse(command, argc, argv)) return *ended;
  return match(request);
}

}  // namespace rekey::cli
