#include "policy/facts/header_facts.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/date.h"
#include "policy/message/encoded_word.h"

namespace postern {
namespace {

constexpr auto kStructured = std::to_array<std::string_view>(
    {"Message-ID", "Date", "In-Reply-To", "References", "MIME-Version",
     "Content-Transfer-Encoding", "Content-ID", "Resent-Date",
     "Resent-Message-ID"});
constexpr auto kAddressFields =
    std::to_array<std::string_view>({"To", "Cc", "Bcc", "Sender", "Reply-To"});

template <std::size_t kSize>
bool IsAmong(const std::array<std::string_view, kSize>& names,
             std::string_view name) {
  return std::ranges::any_of(
      names, [&](std::string_view own) { return EqualsIgnoreCase(own, name); });
}

// RFC 5322 s.2.2: printable US-ASCII but the colon.
bool IsFieldName(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return c > ' ' && c < 0x7f && c != ':';
  });
}

// A continuation line of white space alone (RFC 5322 s.3.2.2 forbids it).
bool HasBlankFold(std::string_view value) {
  for (std::size_t at = value.find('\n'); at != value.npos;) {
    const std::size_t next = value.find('\n', at + 1);
    const std::string_view line =
        value.substr(at + 1, next == value.npos ? next : next - at - 1);
    if (Trim(line).empty()) return true;
    at = next;
  }
  return false;
}

// An address that is nothing but the encoded-word it stands in.
bool HasEncodedAddress(const AddressList& list) {
  return std::ranges::any_of(list.mailboxes, [](const Mailbox& mailbox) {
    return Contains(mailbox.address.local_part, "=?") ||
           Contains(mailbox.address.domain, "=?");
  });
}

bool IsAddressOctet(char c) {
  return IsAlnum(c) || std::string_view("@.-_+=").find(c) != std::string::npos;
}

// The first word that is an address; empty: none.
std::string AddressIn(std::string_view name) {
  const std::size_t at = name.find('@');
  if (at == name.npos) return {};
  std::size_t begin = at, end = at + 1;
  while (begin > 0 && IsAddressOctet(name[begin - 1])) --begin;
  while (end < name.size() && IsAddressOctet(name[end])) ++end;
  const std::string_view word = name.substr(begin, end - begin);
  const bool is_address = begin < at &&
                          Contains(word.substr(at - begin), ".") &&
                          std::ranges::count(word, '@') == 1;
  return is_address ? std::string(word) : std::string();
}

class HeaderReader {
 public:
  HeaderFacts Read(const Header& header) {
    for (const HeaderField& field : header.fields()) {
      ReadShape(field);
      if (IsAddressFieldName(field.name)) ReadAddresses(field);
      if (Contains(field.value, "=?")) ReadEncoded(field);
    }
    if (const HeaderField* date = header.Find("Date"))
      if (const Result<TimePoint> parsed = ParseDate(date->value))
        facts_.date = *parsed;
    if (const HeaderField* subject = header.Find("Subject"))
      facts_.subject = ReadEncodedText(subject->Unfolded()).text;
    if (const HeaderField* from = header.Find("From")) ReadAuthor(*from);
    return std::move(facts_);
  }

 private:
  void ReadShape(const HeaderField& field) {
    const auto folds = static_cast<std::size_t>(
        std::count(field.value.begin(), field.value.end(), '\n'));
    facts_.octets += field.name.size() + 1 + field.value.size() + 2 + folds;
    facts_.lines += 1 + folds;
    if (EqualsIgnoreCase(field.name, "Received")) ++facts_.received;
    facts_.longest_name = std::max(facts_.longest_name, field.name.size());
    Note(!IsFieldName(field.name), field, &facts_.foreign_name);
    Note(Contains(field.value, std::string_view("\0", 1)), field,
         &facts_.nul_field);
    Note(folds > 0 && HasBlankFold(field.value), field, &facts_.blank_fold);
    if (IsAscii(field.value)) return;
    std::vector<std::string>& names = facts_.eight_bit;
    const bool is_new = std::ranges::find(names, field.name) == names.end();
    if (is_new && names.size() < kMaxNames) names.push_back(field.name);
  }

  static void Note(bool is_so, const HeaderField& field, std::string* first) {
    if (is_so && first->empty()) *first = field.name;
  }

  void ReadAddresses(const HeaderField& field) {
    if (facts_.addresses.size() >= kMaxAddressFields) return;
    facts_.addresses.push_back({field.name, ParseAddressList(field.value)});
    if (HasEncodedAddress(facts_.addresses.back().list))
      Remember(field, "an encoded-word in an address", &facts_.misplaced);
  }

  void ReadEncoded(const HeaderField& field) {
    // In MIME parameters encoded-words are against RFC 2231 and everywhere.
    if (StartsWithIgnoreCase(field.name, "Content-") &&
        !IsStructuredField(field.name))
      return;
    // What a remedy has kept is as it was.
    if (StartsWithIgnoreCase(field.name, "X-Original-")) return;
    if (read_octets_ > kMaxEncodedBytes) return;
    read_octets_ += field.value.size();
    const EncodedText read = ReadEncodedText(field.Unfolded());
    if (!read.has_words) return;
    if (IsStructuredField(field.name))
      return Remember(field, "an encoded-word", &facts_.misplaced);
    if (!read.fault.empty()) Remember(field, read.fault, &facts_.undecodable);
    if (!read.irregularity.empty() && !IsAddressFieldName(field.name) &&
        !EqualsIgnoreCase(field.name, "From"))
      Remember(field, read.irregularity, &facts_.irregular);
  }

  void ReadAuthor(const HeaderField& from) {
    const std::string text = from.Unfolded();
    facts_.from = ReadEncodedText(text).text;
    const AddressList list = ParseAddressList(text);
    const std::optional<Mailbox> lone =
        list.error.empty() ? std::nullopt : LoneMailbox(text);
    if (HasEncodedAddress(list))
      Remember(from, "an encoded-word in an address", &facts_.misplaced);
    if (lone)
      facts_.author_name = ReadEncodedText(lone->display_name).text;
    else if (!list.mailboxes.empty())
      facts_.author_name =
          ReadEncodedText(list.mailboxes.front().display_name).text;
    facts_.shown_address = AddressIn(facts_.author_name);
  }

  static void Remember(const HeaderField& field, std::string_view words,
                       FieldFault* first) {
    if (first->name.empty()) *first = {field.name, std::string(words)};
  }

  static constexpr std::size_t kMaxNames = 20;
  static constexpr std::size_t kMaxAddressFields = 100;
  HeaderFacts facts_;
  std::size_t read_octets_ = 0;
};

}  // namespace

bool HeaderFacts::Has(std::string_view name) const {
  return std::ranges::any_of(addresses, [&](const AddressField& field) {
    return EqualsIgnoreCase(field.name, name);
  });
}

bool IsStructuredField(std::string_view name) {
  return IsAmong(kStructured, name);
}

bool IsAddressFieldName(std::string_view name) {
  return IsAmong(kAddressFields, name);
}

HeaderFacts ReadHeaderFacts(const Header& header) {
  return HeaderReader().Read(header);
}

}  // namespace postern
