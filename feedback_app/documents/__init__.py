"""Write findings as documents: HTML, DOCX and JSON. Every writer takes `Findings` and nothing rawer."""
