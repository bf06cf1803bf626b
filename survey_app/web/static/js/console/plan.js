// The way through an interview: its stops in order, and what each is called. Knows no page.

export const MARKS = {
  asked: { words: "Zadane", sign: "✓" },
  skipped: { words: "Pominięte", sign: "–" },
  earlier: { words: "Odpowiedź wcześniej", sign: "↶" },
};
// Notes that stand under no question.
export const GENERAL = "";

// The stops of one interview: before it, consent, each question (a part without questions is one stop), the end.
export function stopsOf(bundle) {
  const sections = bundle.scenario.sections;
  const first = sections[0]?.id ?? null;
  const last = sections[sections.length - 1]?.id ?? null;
  return [
    { id: "start", kind: "start", section: null, title: "Przed rozmową" },
    { id: "zgoda", kind: "consent", section: first, title: "Zgoda" },
    ...sections.flatMap(stopsOfSection),
    { id: "ogolne", kind: "general", section: null, question: GENERAL, title: "Notatki poza pytaniami" },
    { id: "koniec", kind: "finish", section: last, title: "Zakończenie" },
  ];
}

function stopsOfSection(section) {
  const place = { section: section.id };
  if (section.respondent) return [{ ...place, id: `czesc-${section.id}`, kind: "fields", title: section.title }];
  if (!section.questions.length) {
    return [{ ...place, id: `czesc-${section.id}`, kind: "opening", question: GENERAL, title: section.title }];
  }
  return section.questions.map((question, at) => ({
    ...place, id: `pytanie-${question.id}`, kind: "question", question: question.id, first: at === 0,
    title: question.number ? `${question.number}. ${question.text}` : question.text,
  }));
}

export function sectionOf(bundle, id) { return bundle.scenario.sections.find((one) => one.id === id) ?? null; }

export function questionOf(bundle, id) {
  for (const section of bundle.scenario.sections) {
    const found = section.questions.find((one) => one.id === id);
    if (found) return found;
  }
  return null;
}

// Letters under which a note may be written now.
export function mayNote(replica) {
  return [...replica.seats.values()].filter((seat) => seat.agreed && !seat.withdrawn).map((seat) => seat.letter);
}

// Notes of one question in the order of reading, each with the versions that wait for a decision.
export function notesOf(replica, question) {
  const all = [...replica.notes.values()].filter((note) => note.question === question && note.status !== "gone");
  const ids = new Set(all.map((note) => note.id));
  const variants = Map.groupBy
    ? Map.groupBy(all.filter((one) => ids.has(one.variantOf)), (one) => one.variantOf)
    : grouped(all.filter((one) => ids.has(one.variantOf)));
  return all
    .filter((note) => !ids.has(note.variantOf))
    .sort((a, b) => a.second - b.second || (a.id < b.id ? -1 : 1))
    .map((note) => ({ note, variants: variants.get(note.id) ?? [] }));
}

function grouped(variants) {
  const found = new Map();
  for (const one of variants) found.set(one.variantOf, [...(found.get(one.variantOf) ?? []), one]);
  return found;
}

// "A: Szkoła Podstawowa nr 2, zarządza"
export function seatWords(seat) {
  const parts = [seat.institution, seat.role_words].filter(Boolean);
  return `${seat.letter}: ${parts.join(", ") || "osoba spoza planu"}`;
}

// What was answered here and is not kept, in words: {title, words}. See "told" of the replica.
export function toldWords(replica, { kind, id, was, message }) {
  const again = "Jeśli właściwe jest to z tego urządzenia, prosimy wybrać je jeszcze raz.";
  if (kind === "mark") {
    const asked = questionOf(replica.bundle, id);
    const named = (mark) => (MARKS[mark] ? `„${MARKS[mark].words}”` : "brak oznaczenia");
    const kept = message || `Zapisane jest: ${named(replica.marks.get(id)?.mark)}. Stąd nie zapisano: ${named(was.mark)}. ${again}`;
    return { title: `pytanie ${asked?.number || "bez numeru"}: inne oznaczenie na innym urządzeniu`, words: kept };
  }
  if (kind === "seat" && typeof was === "string") {
    return {
      title: `osoba ${was} ma teraz literę ${id}`,
      words: `Literę ${was} dostał już ktoś inny, dopisany gdzie indziej. Zgoda i notatki osoby dopisanej na tym urządzeniu są pod literą ${id}.`,
    };
  }
  const titles = { consent: `zgoda osoby ${id}: zapisana jest inna odpowiedź`, fields: `pola o osobie ${id}: nie zapisano`, seat: `osoby ${id} nie dopisano` };
  return { title: titles[kind] ?? "tej zmiany serwis nie przyjął", words: message || "Na innym urządzeniu zapisano co innego. Prosimy sprawdzić." };
}
