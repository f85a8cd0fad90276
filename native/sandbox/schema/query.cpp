// A recursive descent parser: one function for each rule of the grammar in the header.
#include "native/sandbox/schema/query.hpp"

#include <charconv>

#include "native/sandbox/schema/query_compare.hpp"
#include "native/sandbox/schema/query_tokens.hpp"
#include "native/sandbox/text/letters.hpp"
#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox {

namespace {

constexpr std::uint64_t largest_page = 1000;

class Parser {
 public:
  Parser(std::string_view text, Instant now) : tokens_(tokenize(text)), now_(now) {}

  QueryResult run() {
    if (!(select() && from() && where() && order() && paging() && finish()))
      return tl::unexpected(fault_);
    return query_;
  }

 private:
  const Token& here() const { return tokens_[at_]; }
  const Token& after() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  void advance() { at_ = std::min(at_ + 1, tokens_.size() - 1); }

  bool is_word(std::string_view word) const {
    return here().kind == TokenKind::word && same_ignoring_case(here().text, word);
  }
  bool is_symbol(std::string_view symbol) const {
    return here().kind == TokenKind::symbol && here().text == symbol;
  }
  bool take_word(std::string_view word) {
    if (!is_word(word)) return false;
    advance();
    return true;
  }
  bool take_symbol(std::string_view symbol) {
    if (!is_symbol(symbol)) return false;
    advance();
    return true;
  }

  /// 4000: what stands here is not what may follow.
  bool unexpected(std::string_view wanted) {
    const Token& token = here();
    const std::string what = token.kind == TokenKind::end ? "<EOF>" : token.text;
    fault_ = {"4000",
              "QueryParserError: Encountered \"" + what + "\" at line 1, column " +
                  std::to_string(token.column) + ". Was expecting: " + std::string(wanted),
              token.column};
    return false;
  }
  /// 4001: it reads well, but there is no such thing.
  bool invalid(const Token& token, const std::string& why) {
    fault_ = {"4001",
              "QueryValidationError: " + why + " at line 1, column " + std::to_string(token.column),
              token.column};
    return false;
  }

  bool select() {
    if (!take_word("SELECT")) return unexpected("\"SELECT\"");
    if (is_word("COUNT") && after().text == "(" && after().kind == TokenKind::symbol) {
      advance();
      advance();
      query_.count = true;
      if (!take_symbol("*")) return unexpected("\"*\"");
      return take_symbol(")") || unexpected("\")\"");
    }
    bool everything = false;
    do {
      if (take_symbol("*")) {
        everything = true;
      } else if (here().kind == TokenKind::word && !is_word("FROM")) {
        query_.properties.push_back(here().text);
        advance();
      } else {
        return unexpected("\"*\" or a property");
      }
    } while (take_symbol(","));
    // "SELECT *, Sku" is sent by clients in use; everything includes the rest.
    if (everything) query_.properties.clear();
    return true;
  }

  bool from() {
    if (!take_word("FROM")) return unexpected("\"FROM\"");
    const Token token = here();
    if (token.kind != TokenKind::word) return unexpected("an entity");
    const auto entity = entity_named(token.text);
    if (!entity) return invalid(token, "Metadata not found for Entity " + token.text);
    query_.entity = *entity;
    advance();
    return true;
  }

  bool where() {
    if (!take_word("WHERE")) return true;
    do {
      if (!condition()) return false;
    } while (take_word("AND"));
    return true;
  }

  bool condition() {
    Condition made;
    if (!property(made.property)) return false;
    if (take_word("IN")) {
      made.op = Operator::in;
      if (!take_symbol("(")) return unexpected("\"(\"");
      do {
        if (!value(made)) return false;
      } while (take_symbol(","));
      if (!take_symbol(")")) return unexpected("\")\" or \",\"");
    } else {
      if (!comparison(made.op) || !value(made)) return false;
    }
    query_.conditions.push_back(std::move(made));
    return true;
  }

  bool property(std::string& into) {
    const Token token = here();
    if (token.kind != TokenKind::word) return unexpected("a property");
    const auto known = filterable(query_.entity, token.text);
    if (!known)
      return invalid(token, "Property " + token.text + " not found for Entity " +
                                std::string(entity_name(query_.entity)));
    into = *known;
    advance();
    return true;
  }

  bool comparison(Operator& op) {
    struct Spelling {
      std::string_view text;
      Operator op;
    };
    constexpr Spelling spellings[] = {
        {"=", Operator::equal},   {"!=", Operator::differs}, {"<", Operator::less},
        {">", Operator::greater}, {"<=", Operator::at_most}, {">=", Operator::at_least},
    };
    for (const Spelling& spelling : spellings) {
      if (!take_symbol(spelling.text)) continue;
      op = spelling.op;
      return true;
    }
    if (!take_word("LIKE")) return unexpected("\"=\", \"IN\", \"LIKE\" or another operator");
    op = Operator::like;
    return true;
  }

  /// A text in quotes (a blank stands for nothing), true, false or CURRENT_DATE. Intuit does not
  /// read bare numbers: they need quotes.
  bool value(Condition& into) {
    std::string text = here().text;
    if (is_word("true") || is_word("false"))
      text = lower_case(text);
    else if (is_word("CURRENT_DATE"))
      text = pacific_seconds(now_).substr(0, std::string_view("2026-01-31").size());
    else if (here().kind != TokenKind::text)
      return unexpected("a value in single quotes, true or false");
    else if (text == " ")
      text.clear();
    into.values.push_back(std::move(text));
    advance();
    return true;
  }

  bool order() {
    if (is_word("ORDER") && same_ignoring_case(after().text, "BY"))
      advance();
    else if (!is_word("ORDERBY"))
      return true;
    advance();
    do {
      Ordering made;
      if (!property(made.property)) return false;
      if (take_word("DESC"))
        made.descending = true;
      else
        take_word("ASC");
      query_.orderings.push_back(std::move(made));
    } while (take_symbol(","));
    return true;
  }

  bool paging() {
    while (is_word("STARTPOSITION") || is_word("MAXRESULTS")) {
      const bool start = is_word("STARTPOSITION");
      advance();
      const Token token = here();
      std::uint64_t number = 0;
      const char* const last = token.text.data() + token.text.size();
      const auto [end, error] = std::from_chars(token.text.data(), last, number);
      if (token.kind != TokenKind::number || error != std::errc{} || end != last)
        return unexpected("a whole number");
      if (number < 1) return invalid(token, "value 0 is too small. Min allowed value is 1");
      if (!start && number > largest_page)
        return invalid(token, "value " + token.text + " is too large. Max allowed value is 1000");
      (start ? query_.start : query_.limit) = number;
      advance();
    }
    return true;
  }

  bool finish() { return here().kind == TokenKind::end || unexpected("the end of the query"); }

  std::vector<Token> tokens_;
  Instant now_;
  std::size_t at_ = 0;
  Query query_;
  QueryFault fault_;
};

}  // namespace

QueryResult parse_query(std::string_view text, Instant now) {
  return Parser(text, now).run();
}

}  // namespace rekey::sandbox
