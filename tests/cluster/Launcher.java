import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.cluster.health.ClusterHealthStatus;

/**
 * A cluster in one process, on the loopback address alone: {@code Launcher FOLDER NODES BASE_PORT ANSWERS}.
 *
 * <p>Writes "ready PORT..." to the file ANSWERS once all is green. Then obeys lines on standard input: "stop 2" closes
 * the second node, "start 2" starts it again; each is answered with "done". The end of the input ends the cluster, so it
 * never outlives whoever started it.
 */
final class Launcher {
    private Launcher() {}

    public static void main(String[] arguments) {
        try {
            run(arguments);
            System.exit(0);
        } catch (Throwable reason) {
            // nodes that did start would keep the process alive
            reason.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int nodes = Integer.parseInt(arguments[1]);
        int basePort = Integer.parseInt(arguments[2]);
        // not on standard output, where log lines of the nodes come between
        PrintStream answers = new PrintStream(new FileOutputStream(arguments[3]), true);
        // nodes look for each other on this machine: two clusters of one name, of two test runs at a time, would be one
        String name = "nachlese-test-" + UUID.randomUUID();
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("network.host", "127.0.0.1");
            settings.put("node.roles", "cluster_manager,data,ingest");
            // a test machine's disk may be nearly full; that is nothing these tests are about
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            settings.put("cluster.max_shards_per_node", 5000);
            settings.put("cluster.routing.allocation.node_concurrent_recoveries", 8);
            settings.put("action.auto_create_index", false);
        });
        runner.setMaxHttpPort(basePort + 99);
        runner.build(OpenSearchRunner.newConfigs()
            .basePath(folder.toString()).clusterName(name).numOfNode(nodes).baseHttpPort(basePort)
            // it would set up its logging again for each node while the first ones write: they may then fail to start
            .disableESLogger());
        if (runner.ensureGreen() != ClusterHealthStatus.GREEN) {
            throw new IllegalStateException("the cluster did not become green");
        }
        List<String> ports = new ArrayList<>();
        for (int number = 0; number < nodes; number++) {
            ports.add(runner.getNode(number).settings().get("http.port"));
        }
        answers.println("ready " + String.join(" ", ports));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.trim().split(" ");
            int number = Integer.parseInt(words[1]) - 1;
            if (words[0].equals("stop")) {
                runner.getNode(number).close();
            } else {
                runner.startNode(number);
            }
            answers.println("done");
        }
        runner.close();
    }
}
