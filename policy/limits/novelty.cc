#include "policy/limits/novelty.h"

#include <utility>

#include "policy/base/text.h"

namespace postern {
namespace {

class Remembrance final : public Reservation {
 public:
  Remembrance(History* history, std::string owner, MailThatLeft mail)
      : history_(history), owner_(std::move(owner)), mail_(std::move(mail)) {}
  void Commit() override { history_->Remember(owner_, mail_); }

 private:
  History* history_;
  std::string owner_;
  MailThatLeft mail_;
};

}  // namespace

std::string HistoryOwner(const Submission& submission) {
  if (!submission.login.empty()) return "login=" + ToLower(submission.login);
  if (submission.client_address)
    return "client=" + submission.client_address->ToString();
  return "local";
}

void MarkNew(const History* history, const Submission& submission,
             std::span<LimitedRecipient> recipients) {
  if (history == nullptr) return;
  const std::string owner = HistoryOwner(submission);
  for (LimitedRecipient& recipient : recipients) {
    recipient.is_new =
        !history->Known(owner, Novelty::kRecipient, recipient.address);
    recipient.is_new_domain = !history->Known(
        owner, Novelty::kRecipientDomain, RecipientDomain(recipient.address));
  }
}

std::shared_ptr<Reservation> ToRemember(History* history, std::string owner,
                                        MailThatLeft mail) {
  return std::make_shared<Remembrance>(history, std::move(owner),
                                       std::move(mail));
}

}  // namespace postern
