// Skeleton: the names and events that the screen is built on.
//
// openReplica({stateUrl, changesUrl, interviewId}) -> Promise<Replica>. Replica is an EventTarget:
//   bundle            state of the service without notes (null: this interview was never opened here, and no network)
//   notes             Map id -> {id, question, letter, text, quotation, second, variantOf, status, message}
//                     status "device" | "sent" | "refused" | "gone" (the service does not take it back: revive or remove)
//   marks             Map question -> {mark}
//   parts             Map section -> {seconds}
//   seats             Map letter -> {letter, institution, role, role_words, agreed, evidence, withdrawn, absent, fields}
//   status            {online, waiting, waitingNotes, keptAt, sentAt, session, loginUrl, vault, persisted, message}
//   events, all dispatched synchronously:
//     "change"  detail {kind: "note"|"mark"|"part"|"seat"|"bundle"|"kept"|"held", id, from}
//               `from`: a note that was being written here went on under the new `id`, because somebody else wrote
//               under `from` meanwhile: the field must now write to `id`.
//     "status"
//     "gone"    detail {id, why: "deleted"|"withdrawn", text, question, letter, quotation, second, message}
//     "wiped"   somebody logged out: nothing is here any more
// Every text field must have autocomplete="off": else the browser keeps its text in its own session file, unencrypted.
export async function openReplica(_options) {
  return new Replica();
}

export class Replica extends EventTarget {
  bundle = null;
  notes = new Map();
  marks = new Map();
  parts = new Map();
  seats = new Map();
  status = { online: true, waiting: 0, waitingNotes: 0, keptAt: 0, sentAt: 0, session: "alive", loginUrl: "", vault: "ok", persisted: false, message: "" };

  // `fields.was` (text that the field showed before this keystroke) guards against writing over what has come meanwhile.
  // Always go on with the id that comes back.
  writeNote(_id, _fields) { return ""; }
  removeNote(_id) {}
  revive(_id) { return ""; } // a "gone" note goes on as a new one
  settle(_id, _keep) {}
  setMark(_question, _mark) {}
  setPart(_section, _seconds) {}
  setConsent(_letter, { agreed, evidence }) { return { agreed, evidence }; }
  setFields(_letter, _fields) {}
  addSeat() { return "A"; }
  finish({ absent, reason }) { return { absent, reason }; }
  keep(_name, _value) {}
  kept(_name) { return null; }
  async flush() {}
  async send() {}
}
