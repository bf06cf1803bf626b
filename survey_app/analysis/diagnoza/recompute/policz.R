# Przelicza liczby diagnozy z plików tego pakietu i porównuje je z tabelami raportu.
#
# Użycie: Rscript policz.R [folder z plikami pakietu]
# Kończy się kodem 0, gdy wszystko się zgadza, a kodem 1, gdy cokolwiek się nie zgadza albo brakuje pliku.
# Wystarczy samo R, bez dodatkowych bibliotek. Plik policz.py liczy to samo w Pythonie.

HIDDEN <- "ukryte"
ANSWERED <- "udzielona"
WHOLE <- "gmina"
TOLERANCE <- 1e-9

arguments <- commandArgs(trailingOnly = TRUE)
script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
folder <- if (length(arguments)) arguments[1] else if (length(script)) dirname(script[1]) else "."

read_file <- function(name) {
  path <- file.path(folder, name)
  if (!file.exists(path)) {
    cat("Brak pliku: ", path, "\n", sep = "")
    quit(status = 1)
  }
  bytes <- readBin(path, "raw", file.info(path)$size)
  mark <- as.raw(c(0xef, 0xbb, 0xbf))
  if (length(bytes) >= 3 && all(bytes[1:3] == mark)) bytes <- bytes[-(1:3)]
  text <- rawToChar(bytes)
  Encoding(text) <- "UTF-8"
  read.table(text = text, sep = ";", quote = "\"", header = TRUE, colClasses = "character", encoding = "UTF-8",
             check.names = FALSE, comment.char = "", fill = FALSE, na.strings = character(0))
}

same <- 0
hidden <- 0
different <- 0

# One number against what the file says: hidden, empty (the report gives none), or a number with a decimal comma.
compare <- function(what, counted, told) {
  if (told == HIDDEN) {
    hidden <<- hidden + 1
    return(invisible())
  }
  expected <- if (told == "") NA else as.numeric(sub(",", ".", told, fixed = TRUE))
  agrees <- if (is.na(counted) || is.na(expected)) is.na(counted) && is.na(expected) else
    abs(counted - expected) <= TOLERANCE * max(1, abs(expected))
  if (agrees) {
    same <<- same + 1
  } else {
    different <<- different + 1
    cat("NIEZGODNE: ", what, ": policzono ", format(counted), ", w raporcie ",
        if (told == "") "nie podano" else told, "\n", sep = "")
  }
}

number <- function(text) if (length(text) == 0 || text %in% c("", HIDDEN)) NA else as.numeric(text)

tables <- read_file("tabele.csv")
states <- read_file("stany.csv")
results <- read_file("wyniki.csv")
rules <- read_file("reguly.csv")
rule <- function(name) rules[rules$regula == name, , drop = FALSE]
percent_from <- as.numeric(rule("odsetki_od")$wartosc)

cell <- function(table, group, category, column) {
  chosen <- tables$tabela == table & tables$grupa_id == group & tables$kategoria_id == category
  number(tables[[column]][chosen][1])
}
name_of <- function(line) paste(line$tabela, line$grupa, line$kategoria, sep = ", ")

# Counts of a row add up to its base, groups to the gmina, and shares are counts by bases.
summed <- tables[tables$rodzaj %in% c("pytanie", "wpisy", "rodzaje"), , drop = FALSE]
for (row in split(summed, paste(summed$tabela, summed$grupa_id, sep = "\r"))) {
  counts <- vapply(row$liczba, number, numeric(1))
  compare(paste("suma wiersza:", row$tabela[1], row$grupa[1]), sum(counts), row$podstawa[1])
}
for (at in seq_len(nrow(summed))) {
  line <- summed[at, ]
  if (line$rodzaj == "wpisy" || HIDDEN %in% c(line$liczba, line$podstawa)) next
  base <- number(line$podstawa)
  share <- if (base > 0 && base >= percent_from) number(line$liczba) / base else NA
  compare(paste("odsetek:", name_of(line)), share, line$odsetek)
}
grouped <- summed[summed$grupa_id != WHOLE, , drop = FALSE]
for (column in split(grouped, paste(grouped$tabela, grouped$kategoria_id, sep = "\r"))) {
  counts <- vapply(column$liczba, number, numeric(1))
  if (anyNA(counts)) next
  whole <- summed[summed$tabela == column$tabela[1] & summed$grupa_id == WHOLE &
                    summed$kategoria_id == column$kategoria_id[1], ]
  compare(paste("suma grup:", name_of(whole)), sum(counts), whole$liczba)
}

# Each form is in one of the four states of each question.
told_whole <- function(name) results$wynik[results$miara == name & results$grupa_id == WHOLE]
for (question in unique(states$pytanie)) {
  total <- sum(as.numeric(states$liczba[states$pytanie == question]))
  compare(paste("suma stanów:", question), total, told_whole("otrzymane"))
}

# RR1, and readiness with its components and bounds, from the counts of the tables.
parts <- rule("gotowosc")
least <- as.numeric(rule("gotowosc_co_najmniej")$wartosc)
invited_of <- function(group) number(results$wynik[results$miara == "zaproszone" & results$grupa_id == group][1])
for (at in seq_len(nrow(results))) {
  line <- results[at, ]
  group <- line$grupa_id
  invited <- invited_of(group)
  if (line$miara == "rr1") {
    compare("RR1", as.numeric(told_whole("kompletne")) / invited_of(WHOLE), line$wynik)
  } else if (line$miara == "skladowa") {
    category <- parts$wartosc[parts$pytanie == line$pytanie]
    yes <- cell(line$pytanie, group, category, "liczba")
    base <- cell(line$pytanie, group, category, "podstawa")
    share <- if (is.na(yes) || is.na(base) || base < max(1, percent_from)) NA else yes / base
    what <- paste0("składowa ", line$pytanie, ": ", line$grupa)
    compare(what, share, line$wynik)
    if (line$dolna != "") {
      compare(paste0(what, ", dolna granica"), yes / invited, line$dolna)
      compare(paste0(what, ", górna granica"), (yes + invited - base) / invited, line$gorna)
    }
  } else if (line$miara == "gotowosc") {
    yes <- mapply(function(q, c) cell(q, group, c, "liczba"), parts$pytanie, parts$wartosc)
    base <- mapply(function(q, c) cell(q, group, c, "podstawa"), parts$pytanie, parts$wartosc)
    known <- !anyNA(yes) && !anyNA(base) && all(base >= least)
    what <- paste("gotowość:", line$grupa)
    compare(what, if (known) 100 * mean(yes / base) else NA, line$wynik)
    if (line$dolna != "") {
      compare(paste0(what, ", dolna granica"), 100 * mean(yes / invited), line$dolna)
      compare(paste0(what, ", górna granica"), 100 * mean((yes + invited - base) / invited), line$gorna)
    }
  }
}

# The tables counted again from the rows, one row per form.
rows <- if (file.exists(file.path(folder, "wiersze.csv"))) read_file("wiersze.csv") else data.frame()
if (nrow(rows) > 0) {
  for (at in seq_len(nrow(tables))) {
    line <- tables[at, ]
    if (line$kolumna == "" || !(line$kolumna %in% names(rows))) next
    own <- if (line$grupa_id == WHOLE) rep(TRUE, nrow(rows)) else rows$grupa == line$grupa
    compare(name_of(line), sum(rows[[line$kolumna]][own] == line$wartosc), line$liczba)
    state <- paste0(line$kolumna, "_stan")
    if (state %in% names(rows)) {
      compare(paste("podstawa:", name_of(line)), sum(rows[[state]][own] == ANSWERED), line$podstawa)
    }
  }
  for (at in seq_len(nrow(states))) {
    state <- paste0(states$pytanie[at], "_stan")
    if (!(state %in% names(rows))) next
    compare(paste("stan:", states$pytanie[at], states$stan[at]), sum(rows[[state]] == states$stan[at]),
            states$liczba[at])
  }
  compare("otrzymane ankiety", nrow(rows), told_whole("otrzymane"))
  wanted <- paste0(rule("kompletna")$pytanie, rep("_stan", nrow(rule("kompletna"))))
  at_least <- c(as.numeric(rule("kompletna_co_najmniej")$wartosc), 0)[1]
  if (all(wanted %in% names(rows))) {
    answered <- rowSums(as.matrix(rows[, wanted, drop = FALSE]) == ANSWERED)
    compare("kompletne ankiety", sum(answered >= at_least), told_whole("kompletne"))
  }
  cat("Liczono z wierszy i z tabel.\n")
} else {
  cat("Liczono z samych tabel: w tym pakiecie nie ma wierszy z odpowiedziami.\n")
}
cat("Zgodne: ", same, ", niezgodne: ", different, ", ukryte (nie sprawdza się ich): ", hidden, ".\n", sep = "")
quit(status = if (different > 0 || same == 0) 1 else 0)
