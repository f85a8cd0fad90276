// The words of a query, with where they stand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rekey::sandbox {

enum class TokenKind { word, text, number, symbol, bad, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;        ///< a text without its quotes and escapes
  std::size_t column = 0;  ///< from 1
};

/// Splits a query. The last token is always `end`; an unreadable place becomes `bad` and ends it.
std::vector<Token> tokenize(std::string_view query);

}  // namespace rekey::sandbox
