// DirectoryHeldStore: a folder for each hold.
//
//   <directory>/<id>/message.eml   the octets
//                    hold.json     everything else; replaced, never rewritten
//                    pending       an empty file, while the hold is pending
//                    release.json  the token, while it is being released
//   <directory>/.tmp-<id>          being written: nobody was promised anything
//   <directory>/.done-<id>         released or dropped: being deleted
//
// A hold begins and ends by one rename. Whoever releases or drops has the
// folder's flock, until its store is closed. A hold that cannot be read is
// listed as such and stays where it is.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "policy/base/file_descriptor.h"
#include "policy/holds/held_store.h"
#include "policy/holds/hold_json.h"

namespace postern {

class DirectoryHeldStore final : public HeldStore {
 public:
  static Result<std::unique_ptr<DirectoryHeldStore>> Open(
      const std::string& directory, const Clock& clock);

  [[nodiscard]] Result<std::string> Put(
      const Message& message, const std::vector<HeldReason>& reasons,
      std::optional<TimePoint> free_at) override;
  [[nodiscard]] Result<void> Confirm(const std::string& id) override;
  [[nodiscard]] Result<std::vector<HeldMessage>> List() const override;
  [[nodiscard]] Result<HeldMessage> Find(const std::string& id) const override;
  [[nodiscard]] Result<std::string> Octets(
      const std::string& id) const override;
  [[nodiscard]] Result<void> Drop(const std::string& id) override;
  [[nodiscard]] Result<std::string> IssueToken(const std::string& id,
                                               ReleaseBy by) override;
  [[nodiscard]] Result<void> KeepRecipients(
      const std::string& id,
      const std::vector<ForwardPath>& recipients) override;
  [[nodiscard]] Result<void> Keep(const std::string& id) override;
  [[nodiscard]] Result<void> Complete(const std::string& id) override;
  [[nodiscard]] std::optional<ReleasePass> Redeem(std::string_view field_value,
                                                  const Body& body) override;

 private:
  DirectoryHeldStore(std::string directory, const Clock& clock)
      : directory_(std::move(directory)), clock_(clock) {}

  [[nodiscard]] std::string PathOf(const std::string& id,
                                   std::string_view file = {}) const;
  [[nodiscard]] bool IsHeld(const std::string& id) const;
  [[nodiscard]] Result<HoldRecord> Read(const std::string& id) const;
  [[nodiscard]] HeldMessage Unreadable(const std::string& id,
                                       const std::string& reason) const;
  [[nodiscard]] std::optional<std::string> Join(
      const std::string& fingerprint) const;
  [[nodiscard]] Result<void> Write(const HoldRecord& record,
                                   const std::string& octets) const;
  // This store's until it is closed or the hold ends.
  [[nodiscard]] Result<void> Claim(const std::string& id);
  [[nodiscard]] Result<void> End(const std::string& id);
  void RemoveLeftovers() const;
  void RememberPending();

  std::string directory_;
  const Clock& clock_;
  mutable std::mutex mutex_;                      // guards the two below
  std::map<std::string, std::string> pending_;    // fingerprint to id
  std::map<std::string, FileDescriptor> claims_;  // id to its folder, locked
};

}  // namespace postern
