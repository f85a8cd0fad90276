#include "native/sandbox/books/demo_directory.hpp"

#include <algorithm>

#include "native/sandbox/made/seed.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr std::uint64_t customer_count = 120;
constexpr std::uint64_t supplier_count = 40;

/// A legal form, and how others write it.
constexpr std::pair<std::string_view, std::string_view> legal_forms[] = {
    {" Limited", " Ltd."},
    {" Ltd", " Limited"},
    {" GmbH & Co. KG", " GmbH"},
    {" GmbH", " Gesellschaft mbH"},
    {" Inc.", ", Inc"},
    {" LLC", ", L.L.C."},
    {" S.L.", " SL"},
    {" S.A.", " SA"},
    {" SARL", ""},
    {" Lda.", " Lda"},
    {" sp. z o.o.", " Sp.z.o.o."},
    {" s.r.o.", ", s. r. o."},
    {" AB", " Aktiebolag"},
    {" A.Ş.", " AŞ"},
    {" ТОВ", ""},
    {" ООО", ""},
    {"有限公司", "有限责任公司"},
    {"株式会社", "㈱"},
};

std::string other_legal_form(const std::string& name) {
  for (const auto& [form, other] : legal_forms) {
    const auto at = name.find(form);
    if (at == std::string::npos) continue;
    return name.substr(0, at) + std::string(other) + name.substr(at + form.size());
  }
  return name;
}

std::string upper_ascii(std::string name) {
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return name;
}

/// The last word first, as registers have persons: "Lie, Ann". Firms have more words.
std::string swapped(const std::string& name) {
  const auto blank = name.find(' ');
  const bool two_words = blank != std::string::npos && blank == name.rfind(' ');
  if (!two_words || name.find_first_of("0123456789&.") != std::string::npos) return name;
  return name.substr(blank + 1) + ", " + name.substr(0, blank);
}

std::string without_last_blank(const std::string& name) {
  const auto blank = name.rfind(' ');
  return blank == std::string::npos ? name : name.substr(0, blank) + name.substr(blank + 1);
}

/// Two neighbouring plain letters change places.
std::string mistyped(const std::string& name, std::uint64_t dice) {
  const auto plain = [](char c) { return c >= 'a' && c <= 'z'; };
  std::string out = name;
  for (std::size_t i = 1 + dice % 4; i + 1 < out.size(); ++i) {
    if (!plain(out[i]) || !plain(out[i + 1]) || out[i] == out[i + 1]) continue;
    std::swap(out[i], out[i + 1]);
    return out;
  }
  return out;
}

std::string without_punctuation(const std::string& name) {
  std::string out;
  for (const char c : name)
    if (c != '.' && c != ',' && c != '&' && c != '-') out += c;
  return out;
}

/// One record of the company or a stranger, as an entry of the directory.
struct Source {
  const char* prefix;
  std::uint64_t salt;
  Entity entity;
};

/// A row of the company that its books show by default, walked to from a random place.
std::uint64_t visible_row(const Company& company, Entity entity, std::uint64_t from) {
  const std::uint64_t rows = company.rows(entity);
  std::uint64_t row = from % rows;
  for (std::uint64_t tries = 0; tries < rows && !company.active(entity, row); ++tries)
    row = (row + 1) % rows;
  return row;
}

std::string email_of(const json& record) {
  return record.contains("PrimaryEmailAddr") ? record["PrimaryEmailAddr"].value("Address", "") : "";
}

/// Of every twenty, 11 are the same, 5 nearly so and 4 strangers, in a mixed order.
enum class Share { same, nearly, stranger };
constexpr std::uint64_t of_twenty(std::uint64_t i) {
  return i * 7 % 20;
}
Share share_of(std::uint64_t i) {
  return of_twenty(i) < 11 ? Share::same : of_twenty(i) < 16 ? Share::nearly : Share::stranger;
}

DirectoryEntry entry_of(const Company& company, const Source& source, std::uint64_t seed,
                        std::uint64_t i, std::uint64_t count) {
  const std::uint64_t dice = mix(seed, source.salt, i);
  DirectoryEntry entry;
  entry.id = source.prefix + std::to_string(1001 + i);
  if (dice % 3 != 0) entry.number = std::to_string(10'000 + 7 * i + source.salt * 10'000);
  const std::uint64_t rows = company.rows(source.entity);
  if (rows == 0 || share_of(i) == Share::stranger) {
    const std::uint64_t nth = i / 20 * 4 + (of_twenty(i) + 4) % 20 + source.salt * 500;
    entry.name = made_name(seed_of(company.spec().id), Stream::strangers, nth).display;
    return entry;
  }
  // Spread over the whole list, and not evenly: the languages of names come in turns.
  const std::uint64_t step = std::max<std::uint64_t>(1, rows / count);
  const json record = company.read(
      source.entity, visible_row(company, source.entity, i * rows / count + (dice >> 4) % step));
  entry.name = record["DisplayName"];
  if (dice % 4 != 1) entry.email = email_of(record);
  if (share_of(i) == Share::nearly) entry.name = written_differently(entry.name, dice >> 8);
  return entry;
}

std::vector<DirectoryEntry> people(const Company& company, const Source& source, std::uint64_t seed,
                                   std::uint64_t count) {
  std::vector<DirectoryEntry> all;
  for (std::uint64_t i = 0; i < count; ++i) {
    all.push_back(entry_of(company, source, seed, i, count));
    // Every fortieth was entered again without looking.
    if (i % 40 != 39) continue;
    all.back().name = all[all.size() - 6].name;
    all.back().email = all[all.size() - 6].email;
  }
  return all;
}

/// Accounts and tax codes are few and well known: most by the same name, some by the host's own.
std::vector<DirectoryEntry> short_list(const Company& company, Entity entity, const char* prefix,
                                       std::initializer_list<std::string_view> wanted) {
  std::vector<DirectoryEntry> all;
  for (std::string_view name : wanted) {
    DirectoryEntry entry;
    entry.id = prefix + std::to_string(all.size() + 1);
    entry.name = name;
    for (std::uint64_t row = 0; row < company.rows(entity); ++row) {
      const json record = company.read(entity, row);
      if (record["Name"] == entry.name) entry.number = record.value("AcctNum", "");
    }
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace

std::string written_differently(const std::string& name, std::uint64_t how) {
  for (std::uint64_t tries = 0; tries < written_habits; ++tries) {
    std::string other;
    switch ((how + tries) % written_habits) {
      case 0:
        other = other_legal_form(name);
        break;
      case 1:
        other = fold_accents(name);
        break;
      case 2:
        other = swapped(name);
        break;
      case 3:
        other = mistyped(name, how >> 4);
        break;
      case 4:
        other = without_punctuation(name);
        break;
      case 5:
        other = upper_ascii(fold_accents(name));
        break;
      default:
        other = without_last_blank(name);
    }
    if (other != name && !other.empty()) return other;
  }
  // One word without Latin letters.
  return name + " .";
}

DemoDirectory demo_directory(const Company& company, std::uint64_t seed) {
  DemoDirectory directory;
  const Source customers{"C-", 1, Entity::customer};
  const Source suppliers{"S-", 2, Entity::vendor};
  directory.customers = people(company, customers, seed, customer_count);
  directory.suppliers = people(company, suppliers, seed, supplier_count);
  directory.accounts = short_list(
      company, Entity::account, "A-",
      {"Domestic Sales", "Export Sales", "Online Shop", "Shipping Income", "Discounts given",
       "Installation & Assembly", "Cost of Goods Sold", "Freight inbound",
       "Accounts Receivable (A/R)", "Accounts Payable (A/P)", "Undeposited funds", "Bank charges"});
  const bool vat = company.row_of(Entity::tax_code, "1").has_value();
  directory.tax_codes =
      vat ? short_list(company, Entity::tax_code, "T-",
                       {"20.0% S", "5.0% R", "Zero rate 0%", "Exempt", "No VAT", "Reverse charge"})
          : short_list(company, Entity::tax_code, "T-",
                       {"TAX", "NON", "Dryfork", "Lakemont City", "Out of state", "Marlow Falls"});
  return directory;
}

}  // namespace rekey::sandbox
