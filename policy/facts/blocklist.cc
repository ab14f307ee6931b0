#include "policy/facts/blocklist.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

// RFC 5782 s.5: a list of addresses has 127.0.0.2, never 127.0.0.1.
constexpr std::string_view kListedAddress = "127.0.0.2";
constexpr std::string_view kCleanAddress = "127.0.0.1";
// RFC 5782 s.5: a list of names never has this one.
constexpr std::string_view kCleanName = "invalid";

std::string QuestionFor(const Blocklist& list, std::string_view subject) {
  const auto address = IpAddress::Parse(subject);
  if (address && !list.lists_names) return BlocklistName(*address, list.zone);
  return fmt::format("{}.{}", subject, list.zone);
}

std::string ListedTestName(const Blocklist& list) {
  return QuestionFor(list, list.lists_names ? std::string_view(list.test_entry)
                                            : kListedAddress);
}
std::string CleanTestName(const Blocklist& list) {
  return QuestionFor(list, list.lists_names ? kCleanName : kCleanAddress);
}
bool HasListedTest(const Blocklist& list) {
  return !list.lists_names || !list.test_entry.empty();
}

bool IsRefusal(std::string_view octets) {
  return octets.size() == 4 &&
         octets.starts_with(std::string_view("\x7f\xff\xff", 3));
}
bool IsCode(std::string_view octets) {
  return octets.size() == 4 && octets.front() == '\x7f' && !IsRefusal(octets);
}

std::string Shown(std::string_view octets) {
  const auto address = IpAddress::FromOctets(octets);
  return address ? address->ToString() : std::string("?");
}

const ReturnCode* Find(const std::vector<ReturnCode>& codes,
                       const std::string& octets) {
  const auto found = std::ranges::find_if(codes, [&](const ReturnCode& code) {
    return code.first <= octets && octets <= code.last;
  });
  return found == codes.end() ? nullptr : &*found;
}

void Note(const ReturnCode* code, const std::string& octets,
          std::string* said) {
  if (code == nullptr) return;
  if (!said->empty()) *said += ", ";
  *said += Shown(octets) + " " + code->meaning;
}

std::string RefusalOf(const std::string& octets) {
  if (octets.back() == '\xfe')
    return "refuses this resolver as a public one (127.255.255.254)";
  if (octets.back() == '\xff')
    return "refuses this resolver for too many queries (127.255.255.255)";
  return fmt::format("refuses the query ({})", Shown(octets));
}

// What an answer of a list means: which status, and for kAnswers nothing more.
ListTest Read(const DnsAnswer& answer) {
  ListTest read{{}, ListStatus::kAnswers, {}};
  if (answer.status == DnsStatus::kTempError)
    return {{}, ListStatus::kUnknown, "DNS did not answer"};
  for (const DnsRecord& record : answer.records) {
    if (IsRefusal(record.value))
      return {{}, ListStatus::kRefused, RefusalOf(record.value)};
    if (!IsCode(record.value))
      read = {{},
              ListStatus::kUnknown,
              "answers " + Shown(record.value) + ", as no blocklist does"};
  }
  return read;
}

}  // namespace

std::string_view ToString(ListStatus status) {
  switch (status) {
    case ListStatus::kAnswers:
      return "answers";
    case ListStatus::kNotServed:
      return "not served";
    case ListStatus::kListsAll:
      return "lists all";
    case ListStatus::kRefused:
      return "refused";
    case ListStatus::kUnknown:
      return "unknown";
  }
  return "?";
}

std::string BlocklistName(const IpAddress& address, std::string_view zone) {
  std::string name = address.ReverseName();
  for (const std::string_view suffix : {"in-addr.arpa", "ip6.arpa"})
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  return name + std::string(zone);
}

void PrefetchTests(const Blocklist& list, Dns& dns) {
  if (HasListedTest(list)) dns.Prefetch(ListedTestName(list), RrType::kA);
  dns.Prefetch(CleanTestName(list), RrType::kA);
}

ListTest TestBlocklist(const Blocklist& list, Dns& dns, Deadline deadline) {
  ListTest test{list.zone, ListStatus::kAnswers, {}};
  const DnsAnswer clean = dns.Ask(CleanTestName(list), RrType::kA, deadline);
  if (HasListedTest(list)) {
    const DnsAnswer listed =
        dns.Ask(ListedTestName(list), RrType::kA, deadline);
    test = Read(listed);
    test.zone = list.zone;
    if (test.status != ListStatus::kAnswers) return test;
    if (listed.status != DnsStatus::kOk)
      return {list.zone, ListStatus::kNotServed,
              "its test entry " + ListedTestName(list) + " has no answer"};
  }
  if (clean.status == DnsStatus::kOk &&
      Read(clean).status == ListStatus::kAnswers)
    return {
        list.zone, ListStatus::kListsAll,
        "answers even for " + CleanTestName(list) + ", which is never listed"};
  return test;
}

Listing AskBlocklist(const Blocklist& list, const ListTest& test,
                     const std::string& subject, Dns& dns, Deadline deadline) {
  Listing listing{.zone = list.zone,
                  .subject = subject,
                  .removal = list.removal,
                  .is_certain = list.is_certain};
  const DnsAnswer answer =
      dns.Ask(QuestionFor(list, subject), RrType::kA, deadline);
  const ListTest read = Read(answer);
  listing.status = read.status;
  listing.reason = read.reason;
  if (read.status != ListStatus::kAnswers) return listing;
  bool is_strange = false;
  for (const DnsRecord& record : answer.records) {
    const ReturnCode* listed = Find(list.listed, record.value);
    const ReturnCode* dynamic_range = Find(list.dynamic_range, record.value);
    Note(listed, record.value, &listing.listed);
    Note(dynamic_range, record.value, &listing.dynamic_range);
    is_strange |= listed == nullptr && dynamic_range == nullptr;
  }
  if (test.status == ListStatus::kListsAll) {
    listing.listed.clear();
    listing.dynamic_range.clear();
  } else if (!listing.listed.empty() || !listing.dynamic_range.empty()) {
    return listing;
  } else if (is_strange) {
    listing.status = ListStatus::kUnknown;
    listing.reason = "answers " + Shown(answer.records.front().value) +
                     ", which is not among its codes";
    return listing;
  }
  // "Not listed" is believed only of a list that lists what it must.
  listing.status = test.status;
  listing.reason = test.reason;
  return listing;
}

}  // namespace postern
