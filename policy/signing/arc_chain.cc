// Validation of a chain (RFC 8617 s.5.2).

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "policy/base/sha256.h"
#include "policy/base/tag_list.h"
#include "policy/base/text.h"
#include "policy/message/wire_field.h"
#include "policy/signing/arc.h"
#include "policy/signing/arc_fields.h"
#include "policy/signing/canonical.h"
#include "policy/signing/public_key.h"

namespace postern {
namespace {

constexpr std::size_t kMaxSignedNames = 500;

struct Outcome {
  ArcResult result = ArcResult::kFail;
  std::string reason;
};

// A signature's tags, as far as seals and message signatures share them.
struct Signature {
  TagList tags;
  std::string domain, selector;
  KeyAlgorithm algorithm = KeyAlgorithm::kRsaSha256;
  std::string octets;  // b=
};

std::string_view TagOf(const TagList& tags, std::string_view name) {
  return tags.Find(name).value_or(std::string_view());
}

Result<Signature> ReadSignature(const HeaderField& field) {
  const Result<TagList> tags = TagList::Parse(field.value);
  if (!tags) return Fail(tags.error().message);
  Signature signature{.tags = *tags};
  const std::optional<Domain> domain = Domain::Parse(TagOf(*tags, "d"));
  const std::optional<Domain> selector = Domain::Parse(TagOf(*tags, "s"));
  if (!domain || !selector) return Fail("no usable d= and s=");
  signature.domain = domain->text();
  signature.selector = selector->text();
  const std::string_view algorithm = TagOf(*tags, "a");
  if (algorithm == "ed25519-sha256")
    signature.algorithm = KeyAlgorithm::kEd25519Sha256;
  else if (algorithm != "rsa-sha256")
    return Fail("a= is neither rsa-sha256 nor ed25519-sha256");
  const std::optional<std::string> octets = Base64Decode(TagOf(*tags, "b"));
  if (!octets || octets->empty()) return Fail("b= is not Base64");
  signature.octets = *octets;
  return signature;
}

// Public keys, each asked once.
class Keys {
 public:
  Keys(Dns& dns, Deadline deadline) : dns_(dns), deadline_(deadline) {}

  Outcome Verify(const Signature& signature, std::string_view octets) {
    const std::string name =
        fmt::format("{}._domainkey.{}", signature.selector, signature.domain);
    const auto [it, is_new] = answers_.try_emplace({name, signature.algorithm});
    if (is_new) it->second = Ask(name, signature.algorithm);
    const Answer& answer = it->second;
    if (!answer.key) return answer.failure;
    if (!answer.key->Verify(octets, signature.octets))
      return {ArcResult::kFail, "the signature does not verify"};
    return {ArcResult::kPass, ""};
  }

 private:
  struct Answer {
    std::optional<PublicKey> key;
    Outcome failure;
  };

  Answer Ask(const std::string& name, KeyAlgorithm algorithm) {
    const DnsAnswer answer = dns_.Ask(name, RrType::kTxt, deadline_);
    if (answer.status == DnsStatus::kTempError)
      return {{}, {ArcResult::kTempError, "DNS did not answer for " + name}};
    // RFC 6376 s.3.6.2.2: with several records the result is undefined.
    if (answer.records.size() != 1)
      return {{}, {ArcResult::kFail, "no single key at " + name}};
    const Result<KeyRecord> record =
        ParseKeyRecord(answer.records.front().value);
    if (!record)
      return {{}, {ArcResult::kFail, name + ": " + record.error().message}};
    const Result<PublicKey> key = PublicKey::FromRecord(*record, algorithm);
    if (!key)
      return {{}, {ArcResult::kFail, name + ": " + key.error().message}};
    return {*key, {}};
  }

  Dns& dns_;
  Deadline deadline_;
  std::map<std::pair<std::string, KeyAlgorithm>, Answer> answers_;
};

struct Canonicalization {
  bool is_header_relaxed = false;
  bool is_body_relaxed = false;
};

// RFC 6376 s.3.5, c=: simple/simple where nothing is said.
std::optional<Canonicalization> ReadCanonicalization(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, '/');
  const auto is_known = [](std::string_view part) {
    return part == "relaxed" || part == "simple";
  };
  if (text.empty()) return Canonicalization{};
  if (parts.size() > 2 || !std::all_of(parts.begin(), parts.end(), is_known))
    return std::nullopt;
  return Canonicalization{parts[0] == "relaxed",
                          parts.size() == 2 && parts[1] == "relaxed"};
}

// RFC 6376 s.3.4.3: empty lines at the end do not count; CRLF ends the body.
std::string SimpleBodyHash(std::string_view body) {
  while (body.ends_with("\r\n")) body.remove_suffix(2);
  Sha256 sha;
  sha.Add(body);
  sha.Add("\r\n");
  return sha.Finish();
}

std::string Canonical(const HeaderField& field, std::string_view value,
                      bool is_relaxed) {
  return is_relaxed ? RelaxedField(field.name, value)
                    : WireField(field.name, value);
}

// The fields that h= names, from the bottom up (RFC 6376 s.5.4.2), canonical.
Result<std::string> SignedHeader(const Header& header, std::string_view names,
                                 bool is_relaxed) {
  std::unordered_map<std::string, std::vector<const HeaderField*>> by_name;
  for (const HeaderField& field : header.fields())
    by_name[ToLower(Trim(field.name))].push_back(&field);
  std::string octets;
  bool has_from = false;
  const std::vector<std::string_view> list = Split(names, ':');
  if (list.size() > kMaxSignedNames) return Fail("h= names over 500 fields");
  for (const std::string_view listed : list) {
    const std::string name = ToLower(Trim(listed));
    if (name.empty()) return Fail("an empty name in h=");
    // RFC 8617 s.4.1.2: seals come later and are never part of it.
    if (name == "arc-seal") return Fail("h= names ARC-Seal");
    has_from |= name == "from";
    const auto found = by_name.find(name);
    if (found == by_name.end() || found->second.empty()) continue;
    const HeaderField& field = *found->second.back();
    found->second.pop_back();
    if (!IsConveyable(field.value))
      return Fail("a control character in " + name);
    octets += Canonical(field, field.value, is_relaxed) + "\r\n";
  }
  if (!has_from) return Fail("From is not in h=");
  return octets;
}

bool HasExpired(std::string_view expiry, TimePoint now) {
  if (expiry.empty()) return false;
  std::int64_t seconds = 0;
  const auto read =
      std::from_chars(expiry.data(), expiry.data() + expiry.size(), seconds);
  const bool is_number =
      read.ec == std::errc() && read.ptr == expiry.data() + expiry.size();
  return !is_number ||
         std::chrono::floor<std::chrono::seconds>(now).time_since_epoch() >
             std::chrono::seconds(seconds);
}

class Validation {
 public:
  Validation(const Header& header, const Body& body, Keys* keys, TimePoint now)
      : header_(header), body_(body), keys_(keys), now_(now) {}

  [[nodiscard]] Outcome MessageSignature(const HeaderField& field) const {
    const Result<Signature> signature = ReadSignature(field);
    if (!signature) return {ArcResult::kFail, signature.error().message};
    const TagList& tags = signature->tags;
    const auto canonicalization = ReadCanonicalization(TagOf(tags, "c"));
    if (!canonicalization) return {ArcResult::kFail, "an unknown c="};
    // RFC 6376 s.8.2: what l= leaves open may be anything.
    if (tags.Find("l")) return {ArcResult::kFail, "l= is not trusted"};
    if (HasExpired(TagOf(tags, "x"), now_))
      return {ArcResult::kFail, "the signature has expired"};
    const std::string hash = canonicalization->is_body_relaxed
                                 ? RelaxedBodyHash(body_.bytes())
                                 : SimpleBodyHash(body_.bytes());
    if (hash.empty() || Base64Decode(TagOf(tags, "bh")) != hash)
      return {ArcResult::kFail, "the body was changed"};
    const bool is_relaxed = canonicalization->is_header_relaxed;
    Result<std::string> octets =
        SignedHeader(header_, TagOf(tags, "h"), is_relaxed);
    if (!octets) return {ArcResult::kFail, octets.error().message};
    *octets += Canonical(field, WithoutSignature(field.value), is_relaxed);
    return keys_->Verify(*signature, *octets);
  }

  // `covered` is what stands before the seal; s.5.1.1.
  [[nodiscard]] Outcome Seal(const HeaderField& field, std::string_view wanted,
                             const std::string& covered) const {
    const Result<Signature> signature = ReadSignature(field);
    if (!signature) return {ArcResult::kFail, signature.error().message};
    // RFC 8617 s.4.1.3: a seal with h= fails.
    if (signature->tags.Find("h")) return {ArcResult::kFail, "h= in a seal"};
    const std::string_view cv = TagOf(signature->tags, "cv");
    if (!EqualsIgnoreCase(cv, wanted))
      return {ArcResult::kFail,
              fmt::format("cv={}, not {}", EscapeForLog(cv, 20), wanted)};
    return keys_->Verify(
        *signature,
        covered + RelaxedField(field.name, WithoutSignature(field.value)));
  }

  // All of them, from the oldest; the worst counts.
  [[nodiscard]] Outcome Seals(const std::vector<ArcFields>& sets) const {
    Outcome worst{ArcResult::kPass, ""};
    std::string covered;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      covered += RelaxedSet(sets[i], false);
      const Outcome outcome =
          Seal(*sets[i].seal, i == 0 ? "none" : "pass", covered);
      if (outcome.result == ArcResult::kFail)
        return {outcome.result,
                fmt::format("ARC-Seal i={}: {}", i + 1, outcome.reason)};
      if (outcome.result != ArcResult::kPass) worst = outcome;
      covered += RelaxedField(sets[i].seal->name, sets[i].seal->value) + "\r\n";
    }
    return worst;
  }

 private:
  const Header& header_;
  const Body& body_;
  Keys* keys_;
  TimePoint now_;
};

bool SaysFail(const HeaderField* seal) {
  if (seal == nullptr) return false;
  const Result<TagList> tags = TagList::Parse(seal->value);
  return tags && EqualsIgnoreCase(TagOf(*tags, "cv"), "fail");
}

}  // namespace

std::string_view ToString(ArcResult result) {
  switch (result) {
    case ArcResult::kNone:
      return "none";
    case ArcResult::kPass:
      return "pass";
    case ArcResult::kFail:
      return "fail";
    case ArcResult::kTempError:
      return "temperror";
  }
  return "";
}

ArcChain ValidateChain(const Header& header, const Body& body, Dns& dns,
                       Deadline deadline, TimePoint now) {
  const ArcSets sets = CollectArcSets(header);
  ArcChain chain{.highest = sets.highest};
  if (sets.highest == 0 && sets.fault.empty()) return chain;
  chain.result = ArcResult::kFail;
  chain.has_ended = sets.highest > 0 && SaysFail(sets.sets.back().seal);
  chain.reason = sets.fault;
  if (chain.has_ended) chain.reason = "the newest seal says cv=fail";
  if (!chain.reason.empty()) return chain;
  Keys keys(dns, deadline);
  const Validation validation(header, body, &keys, now);
  const Outcome seals = validation.Seals(sets.sets);
  chain.do_seals_hold = seals.result == ArcResult::kPass;
  chain.result = seals.result;
  chain.reason = seals.reason;
  if (!chain.do_seals_hold) return chain;
  const Outcome newest =
      validation.MessageSignature(*sets.sets.back().message_signature);
  chain.result = newest.result;
  if (newest.result != ArcResult::kPass)
    chain.reason = fmt::format("ARC-Message-Signature i={}: {}", chain.highest,
                               newest.reason);
  return chain;
}

}  // namespace postern
