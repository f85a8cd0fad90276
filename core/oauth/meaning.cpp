#include "core/oauth/meaning.hpp"

#include <algorithm>

namespace rekey::oauth {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

}  // namespace

const AnswerRow* row_for(const Answer& answer, const AnswerRow* rows, std::size_t count) {
  const auto* end = rows + count;
  const auto* found = std::find_if(rows, end, [&](const AnswerRow& row) {
    return answer.status >= row.from && answer.status <= row.to &&
           (row.code.empty() || row.code == answer.code ||
            (row.code == "*" && !answer.code.empty())) &&
           (row.text.empty() || contains(answer.text, row.text));
  });
  return found == end ? nullptr : found;
}

}  // namespace rekey::oauth
