import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedNumericDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiDocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.OrdinalMap;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.IndexOrDocValuesQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopDocsCollector;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;

/**
 * Lucene for the benchmark, spoken to by lines: "build INDEX tokens|german" reads articles, "search INDEX" answers
 * searches. The fields of a line are parted by tabs, lists by U+001F, hits by U+001E.
 */
public final class LuceneBench {
    static final int FACET_SIZE = 20;
    static final Set<String> SHOWN = Set.of("title", "date", "source", "person", "place");

    public static void main(String[] arguments) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 16);
        if (arguments[0].equals("build")) {
            build(Path.of(arguments[1]), arguments[2].equals("german"), in);
            return;
        }
        var out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        var searching = new LuceneBench(Path.of(arguments[1]));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.write(searching.answer(line.split("\t", -1)));
            out.write("\n");
            out.flush();
        }
    }

    /** A gap between title, lead and text, which are values of one field: no phrase crosses it. */
    static Analyzer withGap(Analyzer analyzer) {
        return new AnalyzerWrapper(Analyzer.PER_FIELD_REUSE_STRATEGY) {
            @Override
            protected Analyzer getWrappedAnalyzer(String field) {
                return analyzer;
            }

            @Override
            public int getPositionIncrementGap(String field) {
                return 100;
            }
        };
    }

    static void build(Path index, boolean german, BufferedReader in) throws IOException {
        var frequencies = new FieldType(TextField.TYPE_NOT_STORED);
        frequencies.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        var existence = new FieldType(TextField.TYPE_NOT_STORED);
        existence.setIndexOptions(IndexOptions.DOCS);
        existence.setOmitNorms(true);
        var config = new IndexWriterConfig(withGap(german ? new GermanAnalyzer() : new WhitespaceAnalyzer()));
        config.setRAMBufferSizeMB(1024); // few and large segments are better to search
        try (var writer = new IndexWriter(FSDirectory.open(index), config)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split("\t", -1);
                var document = new Document();
                labels(document, cells);
                var stored = german ? Field.Store.YES : Field.Store.NO;
                for (String passage : cells[6].split("\u001f", -1)) {
                    document.add(new TextField("text", passage, stored));
                }
                if (!german) {
                    document.add(new Field("words", cells[7], frequencies));
                    document.add(new Field("folded", cells[8], existence));
                }
                writer.addDocument(document);
            }
        }
    }

    static void labels(Document document, String[] cells) {
        document.add(new StoredField("title", cells[0]));
        document.add(new StoredField("date", cells[1]));
        document.add(new StoredField("source", cells[3]));
        long day = Long.parseLong(cells[2]);
        if (day > 0) {
            document.add(new LongPoint("day", day));
            document.add(new NumericDocValuesField("day", day));
            document.add(new NumericDocValuesField("year", day / 10_000));
        }
        for (String person : list(cells[4])) {
            document.add(new StoredField("person", person));
            document.add(new SortedSetDocValuesField("person", new org.apache.lucene.util.BytesRef(person)));
        }
        for (String place : list(cells[5])) {
            document.add(new StoredField("place", place));
            document.add(new SortedSetDocValuesField("place", new org.apache.lucene.util.BytesRef(place)));
        }
    }

    static String[] list(String cell) {
        return cell.isEmpty() ? new String[0] : cell.split("\u001f");
    }

    final DirectoryReader reader;
    final IndexSearcher searcher;
    final OrdinalMap[] ordinals;
    final int[] values;
    final ThreadMXBean clock = ManagementFactory.getThreadMXBean();

    LuceneBench(Path index) throws IOException {
        reader = DirectoryReader.open(new MMapDirectory(index));
        searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null); // the same searches come again and again
        ordinals = new OrdinalMap[2];
        values = new int[2];
        for (int at = 0; at < 2; at++) {
            SortedSetDocValues all = MultiDocValues.getSortedSetValues(reader, at == 0 ? "person" : "place");
            values[at] = all == null ? 0 : (int) all.getValueCount();
            if (all instanceof MultiDocValues.MultiSortedSetDocValues several) {
                ordinals[at] = several.mapping;
            }
        }
    }

    /** kind, size, newest, facets, first day, last day, terms. */
    String answer(String[] cells) throws IOException {
        long cpu = clock.getCurrentThreadCpuTime();
        long wall = System.nanoTime();
        int size = Integer.parseInt(cells[1]);
        boolean newest = cells[2].equals("1");
        Query query = query(cells);
        Counts counts = cells[3].equals("1") ? new Counts() : null;
        // the total of one word is known without looking at its articles, if none was deleted; of others it is not
        boolean known = counts == null && (query instanceof TermQuery || query instanceof MatchAllDocsQuery);
        TopDocsCollector<?> top = collector(size, newest, known ? size : Integer.MAX_VALUE);
        searcher.search(query, counts == null ? top : MultiCollector.wrap(top, counts));
        TopDocs found = top.topDocs();
        long total = known ? searcher.count(query) : found.totalHits.value;
        var line = new StringBuilder();
        line.append('\t').append(total).append('\t').append(counts == null ? "\t\t" : counts.line()).append('\t');
        var stored = searcher.storedFields();
        for (ScoreDoc hit : found.scoreDocs) {
            Document document = stored.document(hit.doc, SHOWN);
            line.append(document.get("title")).append('\u001d').append(document.get("date")).append('\u001d');
            line.append(document.get("source")).append('\u001d');
            line.append(String.join("\u001f", document.getValues("person"))).append('\u001d');
            line.append(String.join("\u001f", document.getValues("place"))).append('\u001e');
        }
        return (clock.getCurrentThreadCpuTime() - cpu) + "\t" + (System.nanoTime() - wall) + line;
    }

    static TopDocsCollector<?> collector(int size, boolean newest, int counted) throws IOException {
        if (newest) {
            var order = new Sort(new SortField("day", SortField.Type.LONG, true));
            return new TopFieldCollectorManager(order, size, counted).newCollector();
        }
        return new TopScoreDocCollectorManager(size, counted).newCollector();
    }

    static Query query(String[] cells) {
        String[] terms = Arrays.copyOfRange(cells, 6, cells.length);
        switch (cells[0]) {
            case "all":
                return new MatchAllDocsQuery();
            case "phrase":
                return new PhraseQuery("text", terms);
            case "prefix":
                return new PrefixQuery(new Term("folded", terms[0]));
            default:
        }
        long first = Long.parseLong(cells[4]);
        if (terms.length == 1 && first == 0) {
            return new TermQuery(new Term("words", terms[0]));
        }
        var all = new BooleanQuery.Builder();
        for (String term : terms) {
            all.add(new TermQuery(new Term("words", term)), cells[0].equals("any") ? Occur.SHOULD : Occur.MUST);
        }
        if (first > 0) {
            long last = Long.parseLong(cells[5]);
            Query points = LongPoint.newRangeQuery("day", first, last);
            Query column = SortedNumericDocValuesField.newSlowRangeQuery("day", first, last);
            all.add(new IndexOrDocValuesQuery(points, column), Occur.FILTER);
        }
        return all.build();
    }

    /** Counts persons, places and years over all hits, by ordinal. */
    final class Counts implements Collector {
        final int[][] names = {new int[values[0]], new int[values[1]]};
        final int[] years = new int[10_000];

        @Override
        public ScoreMode scoreMode() {
            return ScoreMode.COMPLETE_NO_SCORES;
        }

        @Override
        public LeafCollector getLeafCollector(LeafReaderContext leaf) throws IOException {
            SortedSetDocValues persons = DocValues.getSortedSet(leaf.reader(), "person");
            SortedSetDocValues places = DocValues.getSortedSet(leaf.reader(), "place");
            NumericDocValues year = DocValues.getNumeric(leaf.reader(), "year");
            var toPersons = ordinals[0] == null ? null : ordinals[0].getGlobalOrds(leaf.ord);
            var toPlaces = ordinals[1] == null ? null : ordinals[1].getGlobalOrds(leaf.ord);
            return new LeafCollector() {
                @Override
                public void setScorer(Scorable scorer) {}

                @Override
                public void collect(int document) throws IOException {
                    count(persons, toPersons, names[0], document);
                    count(places, toPlaces, names[1], document);
                    if (year.advanceExact(document)) {
                        years[(int) year.longValue()]++;
                    }
                }
            };
        }

        static void count(SortedSetDocValues of, org.apache.lucene.util.LongValues to, int[] into, int document)
                throws IOException {
            if (of.advanceExact(document)) {
                for (int left = of.docValueCount(); left > 0; left--) {
                    long ordinal = of.nextOrd();
                    into[(int) (to == null ? ordinal : to.get(ordinal))]++;
                }
            }
        }

        String line() {
            var all = Arrays.stream(years).filter(count -> count > 0).mapToObj(Integer::toString);
            return best(names[0]) + "\t" + best(names[1]) + "\t" + String.join(",", all.toList());
        }

        /** The largest counts, falling. */
        static String best(int[] counts) {
            var heap = new java.util.PriorityQueue<Integer>();
            for (int count : counts) {
                if (count > 0 && (heap.size() < FACET_SIZE || count > heap.peek())) {
                    heap.add(count);
                    if (heap.size() > FACET_SIZE) {
                        heap.poll();
                    }
                }
            }
            return String.join(",", heap.stream().sorted((one, two) -> two - one).map(String::valueOf).toList());
        }
    }
}
