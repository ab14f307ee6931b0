#include "milter/libmilter_mta.h"

#include <libmilter/mfapi.h>
#include <spdlog/spdlog.h>

#include "policy/base/text.h"

namespace postern {
namespace {

// libmilter takes char* where it means const char*: it copies and never writes.
char* Mutable(const std::string& text) {
  return const_cast<char*>(text.c_str());
}

// smfi_setreply reads the text as a format.
std::string DoublePercent(const std::string& text) {
  std::string doubled;
  for (const char c : text) {
    doubled += c;
    if (c == '%') doubled += c;
  }
  return doubled;
}

std::string InBrackets(const std::string& path) { return "<" + path + ">"; }

}  // namespace

std::optional<std::string> LibmilterMta::Macro(const std::string& name) const {
  const char* value = smfi_getsymval(context_, Mutable(name));
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

void LibmilterMta::SetReply(const Reply& reply) {
  const int outcome =
      smfi_setreply(context_, Mutable(std::to_string(reply.code())),
                    Mutable(reply.enhanced().ToString()),
                    Mutable(DoublePercent(reply.text())));
  if (outcome != MI_SUCCESS)
    spdlog::error("libmilter refused the reply \"{}\"", reply.ToString());
}

bool LibmilterMta::Apply(const SetHeader& edit) {
  return smfi_chgheader(context_, Mutable(edit.name),
                        static_cast<int>(edit.index),
                        Mutable(edit.value)) == MI_SUCCESS;
}

bool LibmilterMta::Apply(const DeleteHeader& edit) {
  return smfi_chgheader(context_, Mutable(edit.name),
                        static_cast<int>(edit.index), nullptr) == MI_SUCCESS;
}

bool LibmilterMta::Apply(const InsertHeader& edit) {
  return smfi_insheader(context_, 0, Mutable(edit.name), Mutable(edit.value)) ==
         MI_SUCCESS;
}

bool LibmilterMta::Apply(const ReplaceBody& edit) {
  const std::string_view bytes = edit.body.bytes();
  // As with Mutable: the bytes are sent, not written to.
  auto* octets = reinterpret_cast<unsigned char*>(
      const_cast<char*>(bytes.empty() ? "" : bytes.data()));
  return smfi_replacebody(context_, octets, static_cast<int>(bytes.size())) ==
         MI_SUCCESS;
}

bool LibmilterMta::Apply(const ChangeSender& edit) {
  return smfi_chgfrom(context_, Mutable(InBrackets(edit.mail_from)), nullptr) ==
         MI_SUCCESS;
}

bool LibmilterMta::Apply(const AddRecipient& edit) {
  return smfi_addrcpt_par(context_, Mutable(InBrackets(edit.path.address)),
                          Mutable(Join(edit.path.args, " "))) == MI_SUCCESS;
}

bool LibmilterMta::Apply(const DeleteRecipient& edit) {
  return smfi_delrcpt(context_, Mutable(InBrackets(edit.address))) ==
         MI_SUCCESS;
}

bool LibmilterMta::Progress() { return smfi_progress(context_) == MI_SUCCESS; }

}  // namespace postern
