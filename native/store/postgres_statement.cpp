// Statements of PostgreSQL: parameters and rows in its binary form, so that nothing is written out
// as text and read again.
#include <cstdlib>
#include <cstring>
#include <map>

#include "native/store/postgres.hpp"

namespace rekey::store::postgres {
namespace {

// The numbers of types, which are the same in every database (pg_type.dat).
constexpr Oid bool_type = 16, bytea_type = 17, int8_type = 20, int2_type = 21, int4_type = 23,
              text_type = 25;

Oid type_of(ValueType type) {
  switch (type) {
    case ValueType::number:
      return int8_type;
    case ValueType::text:
      return text_type;
    case ValueType::bytes:
      return bytea_type;
    case ValueType::unknown:
      break;
  }
  return 0;  // the server infers it
}

std::string in_network_order(std::int64_t value) {
  std::string out(8, '\0');
  auto bits = static_cast<std::uint64_t>(value);
  for (int i = 7; i >= 0; --i, bits >>= 8)
    out[static_cast<std::size_t>(i)] = static_cast<char>(bits & 0xff);
  return out;
}

std::int64_t from_network_order(std::string_view bytes) {
  const bool negative = !bytes.empty() && (bytes.front() & 0x80) != 0;
  std::uint64_t bits = negative ? ~std::uint64_t{0} : 0;
  for (const char c : bytes) bits = bits << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(bits);
}

class PostgresStatement : public Prepared {
 public:
  PostgresStatement(Postgres& engine, const std::string& sql)
      : engine_(engine), sql_(with_dollars(sql)) {}

  void bind(int index, std::int64_t value) override {
    set(index, ValueType::number, in_network_order(value));
  }
  void bind(int index, std::string_view value) override {
    set(index, ValueType::text, std::string(value));
  }
  void bind(int index, const Blob& value) override { set(index, ValueType::bytes, value.bytes); }
  void bind_null(int index, ValueType type) override { set(index, type, {}); }

  bool step() override {
    if (!result_) run();
    return ++row_ < PQntuples(result_.get());
  }

  void reset() noexcept override {
    result_.reset();
    row_ = -1;
    // As after a step on SQLite: what is not bound again is null.
    for (auto& each : values_) each.reset();
  }

  std::int64_t changed() const override {
    const char* what = PQcmdStatus(result_.get());
    const bool reads = std::strncmp(what, "SELECT", 6) == 0 || std::strncmp(what, "SHOW", 4) == 0;
    return reads ? 0 : std::atoll(PQcmdTuples(result_.get()));
  }

  std::int64_t int64(int column) const override {
    const auto bytes = value(column);
    return is_number(column) ? from_network_order(bytes) : std::atoll(std::string(bytes).c_str());
  }
  std::string text(int column) const override {
    return is_number(column) && !is_null(column) ? std::to_string(int64(column))
                                                 : std::string(value(column));
  }
  std::string blob(int column) const override { return std::string(value(column)); }
  bool is_null(int column) const override {
    return !has_row() || PQgetisnull(result_.get(), row_, column) != 0;
  }

 private:
  void set(int index, ValueType type, std::optional<std::string> value) {
    const auto at = static_cast<std::size_t>(index - 1);
    if (at >= values_.size()) {
      values_.resize(at + 1);
      types_.resize(at + 1, 0);
    }
    types_[at] = type_of(type);
    values_[at] = std::move(value);
  }

  bool is_number(int column) const {
    const auto type = PQftype(result_.get(), column);
    return type == int8_type || type == int4_type || type == int2_type || type == bool_type;
  }

  bool has_row() const { return result_ && row_ >= 0 && row_ < PQntuples(result_.get()); }

  std::string_view value(int column) const {
    if (!has_row()) return {};
    return {PQgetvalue(result_.get(), row_, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
  }

  /// All rows at once, so that the connection is free for other statements meanwhile.
  void run() {
    const int count = static_cast<int>(values_.size());
    // The server plans a statement for the types of its parameters, so there is one for each set.
    auto& name = names_[types_];
    if (name.empty()) {
      const auto fresh = engine_.new_name();
      engine_.checked(
          PQprepare(engine_.connection(), fresh.c_str(), sql_.c_str(), count, types_.data()));
      name = fresh;
    }
    std::vector<const char*> starts;
    std::vector<int> sizes;
    for (const auto& each : values_) {
      starts.push_back(each ? each->data() : nullptr);
      sizes.push_back(each ? static_cast<int>(each->size()) : 0);
    }
    const std::vector<int> binary(values_.size(), 1);
    result_ = engine_.checked(PQexecPrepared(engine_.connection(), name.c_str(), count,
                                             starts.data(), sizes.data(), binary.data(), 1));
    row_ = -1;
  }

  Postgres& engine_;
  std::string sql_;
  std::vector<std::optional<std::string>> values_;
  std::vector<Oid> types_;
  std::map<std::vector<Oid>, std::string> names_;
  Result result_;
  int row_ = -1;
};

}  // namespace

std::string with_dollars(std::string_view sql) {
  std::string out(sql);
  char quote = 0;
  for (auto& c : out) {
    if (quote != 0)
      quote = c == quote ? 0 : quote;
    else if (c == '\'' || c == '"')
      quote = c;
    else if (c == '?')
      c = '$';
  }
  return out;
}

std::unique_ptr<Prepared> Postgres::prepare(const std::string& sql) {
  return std::make_unique<PostgresStatement>(*this, sql);
}

}  // namespace rekey::store::postgres
