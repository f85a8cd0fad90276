#include "native/sandbox/schema/query_tokens.hpp"

#include <algorithm>

namespace rekey::sandbox {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Splitter {
 public:
  explicit Splitter(std::string_view query) : query_(query) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < query_.size() && is_blank(query_[at_])) ++at_;
      const std::size_t from = at_;
      Token token = at_ == query_.size() ? Token{} : next();
      token.column = from + 1;
      const bool last = token.kind == TokenKind::end || token.kind == TokenKind::bad;
      const bool bad = token.kind == TokenKind::bad;
      tokens.push_back(std::move(token));
      if (bad) tokens.push_back({TokenKind::end, "", query_.size() + 1});
      if (last) return tokens;
    }
  }

 private:
  Token next() {
    const char c = query_[at_];
    if (is_letter(c))
      return span(TokenKind::word, [](char x) { return is_letter(x) || is_digit(x) || x == '.'; });
    if (is_digit(c)) return span(TokenKind::number, [](char x) { return is_digit(x) || x == '.'; });
    if (c == '\'') return text();
    for (const std::string_view symbol : {"<=", ">=", "!=", "=", "<", ">", "(", ")", ",", "*"}) {
      if (!query_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return {TokenKind::symbol, std::string(symbol), 0};
    }
    return {TokenKind::bad, std::string(1, c), 0};
  }

  template <class Belongs>
  Token span(TokenKind kind, Belongs belongs) {
    const auto first = query_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto last = std::find_if_not(first, query_.end(), belongs);
    at_ += static_cast<std::size_t>(last - first);
    return {kind, std::string(first, last), 0};
  }

  /// Between single quotes; a backslash takes the next character as it is.
  Token text() {
    std::string out;
    for (++at_; at_ < query_.size(); ++at_) {
      if (query_[at_] == '\'') {
        ++at_;
        return {TokenKind::text, std::move(out), 0};
      }
      if (query_[at_] == '\\' && at_ + 1 < query_.size()) ++at_;
      out += query_[at_];
    }
    return {TokenKind::bad, "'", 0};
  }

  std::string_view query_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokenize(std::string_view query) {
  return Splitter(query).run();
}

}  // namespace rekey::sandbox
