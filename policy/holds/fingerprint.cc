#include "policy/holds/fingerprint.h"

#include <algorithm>
#include <array>
#include <vector>

#include "policy/base/hexadecimal.h"
#include "policy/base/sha256.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::array<std::string_view, 7> kTransportFields = {
    "Received",     "Return-Path", "Delivered-To",          "X-Original-To",
    "Received-SPF", "Envelope-To", "Authentication-Results"};

bool IsOfTransport(const HeaderField& field) {
  return std::any_of(kTransportFields.begin(), kTransportFields.end(),
                     [&field](std::string_view name) {
                       return EqualsIgnoreCase(name, field.name);
                     });
}

// Each piece with its length, so that no two lists of pieces read alike.
void AddPiece(Sha256* sum, std::string_view piece) {
  sum->Add(std::to_string(piece.size()));
  sum->Add(":");
  sum->Add(piece);
}

void AddEnvelope(Sha256* sum, const Envelope& envelope) {
  AddPiece(sum, envelope.mail_from);
  for (const std::string& arg : envelope.mail_args) AddPiece(sum, arg);
  std::vector<std::string> recipients;
  for (const ForwardPath& recipient : envelope.recipients)
    recipients.push_back(recipient.address + " " + Join(recipient.args, " "));
  std::sort(recipients.begin(), recipients.end());
  for (const std::string& recipient : recipients) AddPiece(sum, recipient);
}

}  // namespace

std::string Fingerprint(const Message& message) {
  Sha256 sum;
  AddEnvelope(&sum, message.envelope);
  for (const HeaderField& field : message.header.fields()) {
    if (field.origin == 0 || IsOfTransport(field)) continue;
    AddPiece(&sum, field.name);
    AddPiece(&sum, field.value);
  }
  AddPiece(&sum, message.body.bytes());
  return ToHexadecimal(sum.Finish());
}

std::string BodySum(std::string_view body) {
  Sha256 sum;
  std::string line_ends;  // not yet known to be followed by anything
  while (!body.empty()) {
    const std::size_t end = std::min(body.find_first_of("\r\n"), body.size());
    if (end > 0) {
      sum.Add(line_ends);
      line_ends.clear();
      sum.Add(body.substr(0, end));
      body.remove_prefix(end);
      continue;
    }
    line_ends += '\n';
    body.remove_prefix(body.starts_with("\r\n") ? 2 : 1);
  }
  return ToHexadecimal(sum.Finish());
}

}  // namespace postern
